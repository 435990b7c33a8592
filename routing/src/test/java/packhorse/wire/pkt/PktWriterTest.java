package packhorse.wire.pkt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.wire.ByteString;

class PktWriterTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PktWriter out = new PktWriter(bytes);

  @Test
  void writes_pkts_as_git_does() throws IOException {
    out.writeLine("done")
        .writeBytes(new byte[0])
        .writeFlush()
        .writeDelim()
        .writeResponseEnd()
        .writePkt(Pkt.FLUSH);
    assertThat(bytes).hasToString("0009done\n00040000000100020000");
  }

  @ParameterizedTest
  @CsvSource({"SIDE_BAND, 1000", "SIDE_BAND_64K, 65520"})
  void a_band_is_divided_into_frames_of_the_size_of_its_side_band(SideBand framing, int longest)
      throws IOException {
    byte[] pack = new byte[200_000];
    out.writeBand(framing, 1, pack).writeFlush();
    PktReader in = new PktReader(ByteString.wrap(bytes.toByteArray()).newInputStream(), 1 << 20);
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
    out.writeLine("x".repeat(65_515)).writeLine("x".repeat(65_516));
    String line = "fff0" + "x".repeat(65_515);
    assertThat(bytes).hasToString(line + "\n" + line + "x");
    assertThatThrownBy(() -> out.writeLine("x".repeat(65_517)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rejects_what_does_not_fit_into_a_pkt() {
    assertThatThrownBy(() -> out.writeBytes(new byte[65_517]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.writeLine("\u65e5")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.writeBand(SideBand.SIDE_BAND_64K, 4, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.writeBand(SideBand.NONE, 1, new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }
}
