package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchResponseObserver;
import packhorse.wire.fetch.UploadHaves;
import packhorse.wire.fetch.UploadRequest;
import packhorse.wire.fetch.UploadRequestWriter;
import packhorse.wire.fetch.V0FetchReader;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.fetch.V2CommandWriter;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReader;
import packhorse.wire.push.PushReportObserver;
import packhorse.wire.push.PushReportWriter;
import packhorse.wire.refs.Advertisement;
import packhorse.wire.refs.AdvertisementReader;
import packhorse.wire.refs.AdvertisementWriter;
import packhorse.wire.refs.TipCollector;

/// Any input is read as a value that survives a round trip, or fails with a typed exception. Valid
/// input is never rejected.
@Tag("counted")
@Tag("generated")
class GeneratedTest {

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void generated_v0_fetches_survive_a_round_trip(long seed) throws IOException {
    Generated generated = new Generated(seed);
    byte[] body = WireScript.bytes(generated.v0Fetch());
    assertThat(v0(body)).isPresent();
    try {
      v0(generated.damaged(body));
    } catch (WireException expected) {
      assertThat(expected).hasMessageMatching("[ -~]+");
    }
  }

  private static Optional<Fetch> v0(byte[] body) throws IOException {
    Optional<Fetch> fetch = V0FetchReader.read(body);
    if (fetch.isPresent()) {
      PktReader in = new PktReader(new ByteArrayInputStream(body), body.length);
      UploadRequest wants = UploadRequest.read(in).orElseThrow();
      UploadHaves round = UploadHaves.read(in, wants.format());
      byte[] again = UploadRequestWriter.compose(wants, List.of(), round).toArray();
      Fetch.FetchKey question = V0FetchReader.read(again).orElseThrow().key();
      assertThat(question.wants()).isEqualTo(fetch.get().key().wants());
      assertThat(question.history()).isEqualTo(fetch.get().key().history());
      assertThat(question.deepen()).isEqualTo(fetch.get().key().deepen());
    }
    return fetch;
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void generated_v2_commands_survive_a_round_trip(long seed) throws IOException {
    Generated generated = new Generated(seed);
    byte[] command = WireScript.bytes(generated.v2Fetch());
    v2(command);
    try {
      v2(generated.damaged(command));
    } catch (WireException expected) {
      assertThat(expected).hasMessageMatching("[ -~]+");
    }
  }

  private static void v2(byte[] bytes) throws IOException {
    Optional<V2Command> command = V2CommandReader.read(reader(bytes));
    if (command.isPresent()) {
      byte[] raw = command.get().raw().toArray();
      assertThat(raw).isEqualTo(Arrays.copyOf(bytes, raw.length));
    }
    if (command.isPresent()
        && command.get() instanceof V2Command.FetchCommand it
        && it.fetch().unknownArguments().isEmpty()) {
      ByteString again = V2CommandWriter.fetch(it.fetch());
      V2Command reread = V2CommandReader.read(reader(again.toArray())).orElseThrow();
      assertThat(((V2Command.FetchCommand) reread).fetch()).isEqualTo(it.fetch());
    }
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void generated_pushes_survive_a_round_trip(long seed) throws IOException {
    Generated generated = new Generated(seed);
    byte[] head = WireScript.bytes(generated.push());
    assertThat(push(head).orElseThrow().raw().toArray()).isEqualTo(head);
    try {
      push(generated.damaged(head));
    } catch (WireException expected) {
      assertThat(expected).hasMessageMatching("[ -~]+");
    }
  }

  private static Optional<Push> push(byte[] bytes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    Optional<Push> push = PushReader.read(in);
    if (push.isPresent()) {
      assertThat(push.get().raw().size()).isEqualTo(bytes.length - in.available());
      assertThat(PushReader.read(push.get().raw().newInputStream())).isEqualTo(push);
      PushReportObserver watch = new PushReportObserver(push.get(), () -> {});
      watch.onBytes(PushReportWriter.refusal(push.get(), "no", "no").asReadOnlyBuffer());
      watch.onEnd();
      assertThat(watch.report().isPresent()).isEqualTo(push.get().wantsReport());
    }
    return push;
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void generated_advertisements_survive_a_round_trip(long seed) throws IOException {
    Generated generated = new Generated(seed);
    byte[] list = WireScript.bytes(generated.advertisement());
    advertisement(list);
    try {
      advertisement(generated.damaged(list));
    } catch (WireException expected) {
      assertThat(expected).hasMessageMatching("[ -~]+");
    }
  }

  private static void advertisement(byte[] bytes) throws IOException {
    Advertisement read = AdvertisementReader.read(new ByteArrayInputStream(bytes));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    AdvertisementWriter.write(read, Optional.of(GitService.UPLOAD_PACK), new PktWriter(again));
    assertThat(AdvertisementReader.read(new ByteArrayInputStream(again.toByteArray())))
        .isEqualTo(read);
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void responses_in_pieces_are_observed_like_whole_ones(long seed) throws IOException {
    Generated generated = new Generated(seed);
    boolean v2 = generated.maybe();
    String request =
        v2
            ? "command=fetch\n0001\nhave {a}\nhave {b}\n0000"
            : "want {a} side-band\n0000\nhave {b}\n0000";
    byte[] body = WireScript.bytes(request);
    Fetch fetch =
        v2
            ? ((V2Command.FetchCommand) V2CommandReader.read(reader(body)).orElseThrow()).fetch()
            : V0FetchReader.read(body).orElseThrow();
    byte[] right = WireScript.bytes(generated.fetchAnswer(v2));
    byte[] answer = generated.maybe() ? generated.damaged(right) : right;
    FetchResponseObserver whole = new FetchResponseObserver(fetch);
    whole.onBytes(ByteBuffer.wrap(answer));
    whole.onEnd();
    FetchResponseObserver pieces = new FetchResponseObserver(fetch);
    inPieces(answer, pieces, generated);
    assertThat(seen(pieces)).isEqualTo(seen(whole));
    assertThatCode(() -> inPieces(answer, new TipCollector(5), generated))
        .doesNotThrowAnyException();
  }

  private static void inPieces(byte[] answer, ResponseObserver watch, Generated generated) {
    for (int at = 0; at < answer.length; ) {
      int size = Math.min(answer.length - at, generated.random().nextInt(1, 20));
      watch.onBytes(ByteBuffer.wrap(answer, at, size));
      at += size;
    }
    watch.onEnd();
  }

  private static List<Object> seen(FetchResponseObserver watch) {
    return List.of(
        watch.acknowledgedIds(),
        watch.ready(),
        watch.packBytes(),
        watch.packStarted(),
        watch.complete(),
        watch.errorText());
  }

  private static PktReader reader(byte[] bytes) {
    return new PktReader(new ByteArrayInputStream(bytes), WireLimits.FETCH_REQUEST_BYTES);
  }
}
