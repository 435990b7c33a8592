package packhorse.wire.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ByteString;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.SideBand;

/// The beginning of a response, as far as the request determines it.
class ResponsePrefixTest {

  @Test
  void the_response_to_a_v2_clone_begins_with_packfile() throws IOException {
    ResponsePrefix prefix = v2("want {a}\ndone\n").orElseThrow();
    assertThat(prefix.toByteString()).isEqualTo(ByteString.of("000dpackfile\n"));
    assertThat(prefix.sideBand()).isEqualTo(SideBand.SIDE_BAND_64K);
    assertThat(prefix.isPackfileHeader()).isTrue();
  }

  @Test
  void after_done_v2_has_no_acknowledgments() throws IOException {
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
  void no_prefix_is_certain_in_v2_if_something_else_can_come_first(String arguments)
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
  void with_sideband_all_the_prefix_is_empty(String arguments) throws IOException {
    ResponsePrefix prefix = v2(arguments).orElseThrow();
    assertThat(prefix.toByteString()).isEqualTo(ByteString.EMPTY);
    assertThat(prefix.isPackfileHeader()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"side-band-64k", "side-band", "side-band-64k multi_ack_detailed no-done"})
  void the_response_to_a_v0_clone_begins_with_nak(String capabilities) throws IOException {
    ResponsePrefix prefix = v0("want {a} " + capabilities + "\n0000\ndone\n").orElseThrow();
    assertThat(prefix.toByteString()).isEqualTo(ByteString.of("0008NAK\n"));
    assertThat(prefix.sideBand())
        .isEqualTo(capabilities.equals("side-band") ? SideBand.SIDE_BAND : SideBand.SIDE_BAND_64K);
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
  void no_prefix_is_certain_in_v0_if_something_else_can_come_first(String request)
      throws IOException {
    assertThat(v0(request)).isEmpty();
  }

  @Test
  void a_prefix_matches_its_line_with_or_without_a_line_feed() throws IOException {
    ResponsePrefix prefix = v2("want {a}\ndone\n").orElseThrow();
    assertThat(prefix.matches(new Pkt.Line(ByteString.of("packfile\n")))).isTrue();
    assertThat(prefix.matches(new Pkt.Line(ByteString.of("packfile")))).isTrue();
    assertThat(prefix.matches(new Pkt.Line(ByteString.of("shallow-info\n")))).isFalse();
    assertThat(prefix.matches(Pkt.FLUSH)).isFalse();
  }

  private static Optional<ResponsePrefix> v2(String arguments) throws IOException {
    byte[] command = WireScript.bytes("command=fetch\n0001\n" + arguments + "0000\n");
    var in =
        new PktReader(new java.io.ByteArrayInputStream(command), WireLimits.FETCH_REQUEST_BYTES);
    var fetch = (V2Command.FetchCommand) V2CommandReader.read(in).orElseThrow();
    return ResponsePrefix.of(fetch.fetch());
  }

  private static Optional<ResponsePrefix> v0(String request) throws IOException {
    return ResponsePrefix.of(V0FetchReader.read(WireScript.bytes(request)).orElseThrow());
  }
}
