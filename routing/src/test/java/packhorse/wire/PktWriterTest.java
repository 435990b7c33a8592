package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PktWriterTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PktWriter out = new PktWriter(bytes);

  @Test
  void writes_what_git_writes() throws IOException {
    out.line("done").bytes(new byte[0]).flush().delim().responseEnd().pkt(Pkt.FLUSH);
    assertThat(bytes).hasToString("0009done\n00040000000100020000");
  }

  @ParameterizedTest
  @CsvSource({"SMALL, 1000", "LARGE, 65520"})
  void a_band_is_cut_into_frames_of_the_clients_size(SideBand framing, int longest)
      throws IOException {
    byte[] pack = new byte[200_000];
    out.band(framing, 1, pack).flush();
    PktReader in = new PktReader(Bytes.own(bytes.toByteArray()).stream(), 1 << 20);
    int read = 0;
    for (Pkt pkt = in.read(); pkt instanceof Pkt.Line line; pkt = in.read()) {
      assertThat(line.bytes().size() + 4).isLessThanOrEqualTo(longest);
      assertThat(line.bytes().get(0)).isEqualTo((byte) 1);
      read += line.bytes().size() - 1;
    }
    assertThat(read).isEqualTo(pack.length);
  }

  @Test
  void a_line_that_fills_a_pkt_has_no_line_feed() throws IOException {
    out.line("x".repeat(65_515)).line("x".repeat(65_516));
    String line = "fff0" + "x".repeat(65_515);
    assertThat(bytes).hasToString(line + "\n" + line + "x");
    assertThatThrownBy(() -> out.line("x".repeat(65_517)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuses_what_no_pkt_can_hold() {
    assertThatThrownBy(() -> out.bytes(new byte[65_517]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.line("\u65e5")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.band(SideBand.LARGE, 4, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.band(SideBand.NONE, 1, new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }
}
