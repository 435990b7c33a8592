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

/// Whatever comes in: a typed failure, or a value that says the same when it is written and read
/// again. Never another exception. A right input is never refused.
@Tag("counted")
@Tag("generated")
class GeneratedTest {

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void v0_fetches(long seed) throws IOException {
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
    Optional<Fetch> fetch = FetchReader.v0(body);
    if (fetch.isPresent()) {
      PktReader in = new PktReader(new ByteArrayInputStream(body), body.length);
      V0Wants wants = V0Wants.read(in).orElseThrow();
      V0Round round = V0Round.read(in, wants.format());
      byte[] again = V0Body.compose(wants, List.of(), round).toArray();
      Fetch.Question question = FetchReader.v0(again).orElseThrow().question();
      assertThat(question.wanted()).isEqualTo(fetch.get().question().wanted());
      assertThat(question.known()).isEqualTo(fetch.get().question().known());
      assertThat(question.deepen()).isEqualTo(fetch.get().question().deepen());
    }
    return fetch;
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void v2_commands(long seed) throws IOException {
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
        && it.fetch().unknown().isEmpty()) {
      Bytes again = V2Writer.fetch(it.fetch());
      V2Command reread = V2CommandReader.read(reader(again.toArray())).orElseThrow();
      assertThat(((V2Command.FetchCommand) reread).fetch()).isEqualTo(it.fetch());
    }
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void pushes(long seed) throws IOException {
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
      assertThat(PushReader.read(push.get().raw().stream())).isEqualTo(push);
      ReportWatch watch = new ReportWatch(push.get(), () -> {});
      watch.passed(ReportComposer.refusal(push.get(), "no", "no").buffer());
      watch.ended();
      assertThat(watch.report().isPresent()).isEqualTo(push.get().wantsReport());
    }
    return push;
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void advertisements(long seed) throws IOException {
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
    AdvertisementWriter.write(read, Optional.of(Service.UPLOAD_PACK), new PktWriter(again));
    assertThat(AdvertisementReader.read(new ByteArrayInputStream(again.toByteArray())))
        .isEqualTo(read);
  }

  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void answers_seen_in_pieces_are_seen_the_same(long seed) throws IOException {
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
            : FetchReader.v0(body).orElseThrow();
    byte[] right = WireScript.bytes(generated.fetchAnswer(v2));
    byte[] answer = generated.maybe() ? generated.damaged(right) : right;
    FetchAnswerWatch whole = new FetchAnswerWatch(fetch);
    whole.passed(ByteBuffer.wrap(answer));
    whole.ended();
    FetchAnswerWatch pieces = new FetchAnswerWatch(fetch);
    inPieces(answer, pieces, generated);
    assertThat(seen(pieces)).isEqualTo(seen(whole));
    assertThatCode(() -> inPieces(answer, new TipsWatch(5), generated)).doesNotThrowAnyException();
  }

  private static void inPieces(byte[] answer, Watch watch, Generated generated) {
    for (int at = 0; at < answer.length; ) {
      int size = Math.min(answer.length - at, generated.random().nextInt(1, 20));
      watch.passed(ByteBuffer.wrap(answer, at, size));
      at += size;
    }
    watch.ended();
  }

  private static List<Object> seen(FetchAnswerWatch watch) {
    return List.of(
        watch.acknowledged(),
        watch.ready(),
        watch.packBytes(),
        watch.packBegun(),
        watch.complete(),
        watch.error());
  }

  private static PktReader reader(byte[] bytes) {
    return new PktReader(new ByteArrayInputStream(bytes), Limits.FETCH_BYTES);
  }
}
