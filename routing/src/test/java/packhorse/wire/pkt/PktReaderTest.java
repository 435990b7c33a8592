package packhorse.wire.pkt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ByteString;
import packhorse.wire.WireException;

class PktReaderTest {

  @Test
  void reads_lines_and_special_pkts_until_a_clean_end() throws IOException {
    assertThat(readAll("0009done\n0000000100020004"))
        .containsExactly(line("done\n"), Pkt.FLUSH, Pkt.DELIM, Pkt.RESPONSE_END, line(""));
    assertThat(readAll("")).isEmpty();
  }

  @Test
  void accepts_digits_of_either_case() throws IOException {
    assertThat(readAll("000Ahello\n000ahello\n")).containsExactly(line("hello\n"), line("hello\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0003", "fff1", "ffff", "00zz", "-001", "+004", " 004", "0x05", "\r\n00", "４００４"})
  void rejects_a_length_that_git_rejects(String input) {
    assertThatThrownBy(() -> readAll(input + "12345678"))
        .isExactlyInstanceOf(WireException.class)
        .hasMessageContaining("pkt length");
  }

  @ParameterizedTest
  @CsvSource({
    "0, inside a pkt length",
    "00, inside a pkt length",
    "000, inside a pkt length",
    "0006a, 1 of 2 bytes",
    "fff0, 0 of 65516 bytes"
  })
  void reports_where_the_input_ended_unexpectedly(String input, String where) {
    assertThatThrownBy(() -> readAll(input))
        .isInstanceOf(WireException.UnexpectedEnd.class)
        .hasMessageContaining(where);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "000", "0009don", "fff0"})
  void peeks_no_pkt_that_the_buffer_does_not_contain_whole(String bytes) throws IOException {
    assertThat(PktReader.peekFirst(buffer(bytes))).isEmpty();
  }

  @Test
  void peeks_the_first_pkt_without_moving_the_position_of_the_buffer() throws IOException {
    ByteBuffer bytes = buffer("0009done\n0001").position(9);
    assertThat(PktReader.peekFirst(bytes)).contains(Pkt.DELIM);
    assertThat(PktReader.peekFirst(bytes.position(0))).contains(line("done\n"));
    assertThat(bytes.remaining()).isEqualTo(13);
    assertThatThrownBy(() -> PktReader.peekFirst(buffer("0003"))).isInstanceOf(WireException.class);
  }

  @Test
  void reads_the_longest_pkt_and_rejects_a_longer_one() throws IOException {
    assertThat(readAll("fff0" + "x".repeat(65_516))).hasSize(1);
    assertThatThrownBy(() -> readAll("fff1" + "x".repeat(65_517)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void quotes_the_input_without_control_characters() {
    assertThatThrownBy(() -> readAll("\u001b[2J"))
        .hasMessage("pkt length \"\\x1b[2J\" is not four hexadecimal digits");
  }

  @Test
  void limits_the_bytes_of_each_message() throws IOException {
    PktReader in = new PktReader(input("0008aaaa0008bbbb0008cccc"), 16);
    assertThat(in.read()).isEqualTo(line("aaaa"));
    in.startMessage();
    assertThat(in.read()).isEqualTo(line("bbbb"));
    assertThat(in.read()).isEqualTo(line("cccc"));
    assertThat(in.next()).isEmpty();
  }

  @Test
  void stops_at_the_limit_before_it_reads_the_body() {
    InputStream in = input("0008aaaa0008bbbb");
    PktReader reader = new PktReader(in, 15);
    assertThatThrownBy(
            () -> {
              reader.read();
              reader.read();
            })
        .isInstanceOf(WireException.TooLarge.class);
    assertThat(in).hasBinaryContent("bbbb".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void empty_pkts_count_towards_the_limit() {
    PktReader in = new PktReader(input("0004".repeat(1_000_000)), 1_000_000);
    int read = 0;
    try {
      while (in.next().isPresent()) {
        read++;
      }
    } catch (IOException e) {
      assertThat(e).isInstanceOf(WireException.TooLarge.class);
    }
    assertThat(read).isEqualTo(250_000);
  }

  @Test
  void records_a_message_byte_for_byte_and_reads_nothing_beyond_it() throws IOException {
    InputStream in = input("0009skip\n000Adone!\n0000PACK");
    PktReader reader = new PktReader(in, 100);
    reader.read();
    reader.startRecording();
    reader.read();
    reader.read();
    assertThat(reader.recordedBytes().text()).isEqualTo("000Adone!\n0000");
    assertThat(in).hasBinaryContent("PACK".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void the_text_of_a_line_lacks_one_line_feed_and_has_a_char_for_each_byte() {
    assertThat(line("done").text()).isEqualTo("done");
    assertThat(line("done\n\n").text()).isEqualTo("done\n");
    assertThat(line("").text()).isEmpty();
    assertThat(
            new Pkt.Line(ByteString.copyOf(new byte[] {(byte) 0xc3, (byte) 0xb6, (byte) 0xff}))
                .text())
        .isEqualTo("Ã¶ÿ");
  }

  private static List<Pkt> readAll(String input) throws IOException {
    PktReader in = new PktReader(input(input), 1 << 20);
    List<Pkt> pkts = new ArrayList<>();
    for (Optional<Pkt> next = in.next(); next.isPresent(); next = in.next()) {
      pkts.add(next.get());
    }
    return pkts;
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Pkt.Line line(String text) {
    return new Pkt.Line(ByteString.of(text));
  }
}
