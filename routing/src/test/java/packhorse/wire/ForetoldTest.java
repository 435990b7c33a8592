package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is certain of an answer before it comes.
class ForetoldTest {

  @Test
  void a_clone_in_v2_begins_with_its_pack() throws IOException {
    Foretold told = v2("want {a}\ndone\n").orElseThrow();
    assertThat(told.words()).isEqualTo(Bytes.of("000dpackfile\n"));
    assertThat(told.framing()).isEqualTo(SideBand.LARGE);
    assertThat(told.announcesPack()).isTrue();
  }

  @Test
  void after_done_v2_acknowledges_nothing() throws IOException {
    assertThat(v2("want {a}\nhave {b}\nthin-pack\nfilter blob:none\ndone\n")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "want {a}\nhave {b}\n",
        "want {a}\n",
        "want {a}\ndeepen 1\ndone\n",
        "want {a}\ndeepen-since 1\ndone\n",
        "want {a}\ndeepen-not refs/heads/x\ndone\n",
        "want {a}\nshallow {b}\ndone\n",
        "want-ref refs/heads/main\ndone\n",
        "want {a}\npackfile-uris https\ndone\n",
        "want {a}\nof-tomorrow\ndone\n",
        "wait-for-done\nhave {a}\n"
      })
  void where_something_else_can_come_first_in_v2_nothing_is_foretold(String arguments)
      throws IOException {
    assertThat(v2(arguments)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sideband-all\nwant {a}\nhave {b}\n",
        "sideband-all\nwant {a}\ndeepen 1\ndone\n",
        "sideband-all\nwant-ref refs/heads/main\ndone\n"
      })
  void where_every_line_is_framed_a_frame_may_come_at_any_time(String arguments)
      throws IOException {
    Foretold told = v2(arguments).orElseThrow();
    assertThat(told.words()).isEqualTo(Bytes.EMPTY);
    assertThat(told.announcesPack()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"side-band-64k", "side-band", "side-band-64k multi_ack_detailed no-done"})
  void whoever_has_nothing_is_told_nak_in_v0(String capabilities) throws IOException {
    Foretold told = v0("want {a} " + capabilities + "\n0000\ndone\n").orElseThrow();
    assertThat(told.words()).isEqualTo(Bytes.of("0008NAK\n"));
    assertThat(told.framing())
        .isEqualTo(capabilities.equals("side-band") ? SideBand.SMALL : SideBand.LARGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "want {a}\n0000\ndone\n",
        "want {a} side-band-64k\n0000\nhave {b}\ndone\n",
        "want {a} side-band-64k\n0000\nhave {b}\n0000\n",
        "want {a} side-band-64k\ndeepen 1\n0000\ndone\n",
        "want {a} side-band-64k\nshallow {b}\n0000\ndone\n",
        "want {a} side-band-64k of-tomorrow\n0000\ndone\n"
      })
  void where_something_else_can_come_first_in_v0_nothing_is_foretold(String request)
      throws IOException {
    assertThat(v0(request)).isEmpty();
  }

  @Test
  void an_answer_meets_it_with_or_without_a_newline_and_no_other_does() throws IOException {
    Foretold told = v2("want {a}\ndone\n").orElseThrow();
    assertThat(told.metBy(new Pkt.Line(Bytes.of("packfile\n")))).isTrue();
    assertThat(told.metBy(new Pkt.Line(Bytes.of("packfile")))).isTrue();
    assertThat(told.metBy(new Pkt.Line(Bytes.of("shallow-info\n")))).isFalse();
    assertThat(told.metBy(Pkt.FLUSH)).isFalse();
  }

  private static Optional<Foretold> v2(String arguments) throws IOException {
    byte[] command = WireScript.bytes("command=fetch\n0001\n" + arguments + "0000\n");
    var in = new PktReader(new java.io.ByteArrayInputStream(command), Limits.FETCH_BYTES);
    var fetch = (V2Command.FetchCommand) V2CommandReader.read(in).orElseThrow();
    return Foretold.of(fetch.fetch());
  }

  private static Optional<Foretold> v0(String request) throws IOException {
    return Foretold.of(FetchReader.v0(WireScript.bytes(request)).orElseThrow());
  }
}
