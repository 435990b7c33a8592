package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The small words of the protocol: services, versions, ids, capabilities, texts.
class WordsTest {

  @Test
  void a_service_is_spelt_exactly() {
    assertThat(Service.of("git-upload-pack")).contains(Service.UPLOAD_PACK);
    assertThat(Service.of("git-receive-pack")).contains(Service.RECEIVE_PACK);
    assertThat(Service.of("git-upload-archive")).contains(Service.UPLOAD_ARCHIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "git-Receive-Pack",
        "git-receive-pack ",
        "git receive-pack",
        "git-receive-pack\0",
        "git-receive-pac\u212a",
        "GIT-UPLOAD-PACK"
      })
  void no_other_spelling_is_a_service(String word) {
    assertThat(Service.of(word)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', V0", "version=0, V0", "version=1, V1", "version=2, V2", "version=1:version=2, V2",
        "version=2:version=1, V2",
    "version=2:x=y, V2", "x:version=1, V1", "version=3, V0", "version=3:version=1, V1",
        "VERSION=2, V0", "version=2;x, V0",
    "version=02, V0", "'version=2 ', V0", "version=, V0", "':::version=2:', V2"
  })
  void the_highest_version_that_is_known_wins(String value, ProtocolVersion version) {
    assertThat(ProtocolVersion.parse(value)).isEqualTo(version);
  }

  @Test
  void a_version_is_read_from_at_most_256_bytes_and_written_anew() {
    assertThat(ProtocolVersion.parse("version=2:" + "x".repeat(246))).isEqualTo(ProtocolVersion.V2);
    assertThat(ProtocolVersion.parse("version=2:" + "x".repeat(247))).isEqualTo(ProtocolVersion.V0);
    assertThat(ProtocolVersion.parse("version=2\0")).isEqualTo(ProtocolVersion.V0);
    assertThat(ProtocolVersion.V0.headerValue()).isEmpty();
    assertThat(ProtocolVersion.V2.headerValue()).contains("version=2");
  }

  @Test
  void an_object_id_has_40_or_64_lower_case_digits() {
    assertThat(new ObjectId("a".repeat(40)).format()).isEqualTo(ObjectFormat.SHA1);
    assertThat(new ObjectId("a".repeat(64)).format()).isEqualTo(ObjectFormat.SHA256);
    assertThat(new ObjectId("a".repeat(64)).raw()).hasSize(32);
    assertThat(ObjectId.zero(ObjectFormat.SHA1).isZero()).isTrue();
    assertThat(new ObjectId("0".repeat(39) + "1").isZero()).isFalse();
    for (String no :
        new String[] {
          "",
          "a".repeat(39),
          "a".repeat(41),
          "A".repeat(40),
          "g".repeat(40),
          "a".repeat(63),
          " " + "a".repeat(39)
        }) {
      assertThatThrownBy(() -> ObjectId.parse(no)).isInstanceOf(WireException.class);
      assertThatThrownBy(() -> new ObjectId(no)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void capabilities_are_words_between_any_white_space_as_for_c_git() {
    Capabilities some =
        Capabilities.parse(
            " thin-pack\tagent=git/2.55  symref=HEAD:refs/heads/main\nsymref=A:B atomic= ");
    assertThat(some.words())
        .containsExactly(
            "thin-pack", "agent=git/2.55", "symref=HEAD:refs/heads/main", "symref=A:B", "atomic=");
    assertThat(some.has("agent")).isTrue();
    assertThat(some.has("age")).isFalse();
    assertThat(some.has("thin")).isFalse();
    assertThat(some.value("agent")).contains("git/2.55");
    assertThat(some.value("thin-pack")).contains("");
    assertThat(some.value("side-band")).isEmpty();
    assertThat(some.values("symref")).containsExactly("HEAD:refs/heads/main", "A:B");
    assertThat(some.without("symref", "agent").with("ofs-delta").text())
        .isEqualTo("thin-pack atomic= ofs-delta");
    assertThat(Capabilities.of("fetch=shallow filter").within("fetch").has("filter")).isTrue();
  }

  @Test
  void text_in_wire_form_loses_no_byte() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    assertThat(WireText.bytes(WireText.text(all))).isEqualTo(all);
    assertThat(WireText.toUnicode(WireText.ofUnicode("refs/heads/größe-日本")))
        .isEqualTo("refs/heads/größe-日本");
    assertThat(WireText.toUnicode("\u00ff")).isEqualTo("\u00ff");
    assertThatThrownBy(() -> WireText.bytes("日")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quoted_text_is_printable_ascii_of_bounded_length() {
    assertThat(WireText.quoted("a\"b\\c\u001b\n\u00e9\u2028"))
        .isEqualTo("\"a\\\"b\\\\c\\x1b\\x0a\\xe9\\u2028\"");
    assertThat(WireText.quoted("x".repeat(1000))).hasSizeLessThan(130).endsWith("\"...");
  }

  @Test
  void acknowledgments_are_read_and_written() throws WireException {
    String id = "c".repeat(40);
    for (String line :
        new String[] {
          "ACK " + id, "ACK " + id + " continue", "ACK " + id + " common", "ACK " + id + " ready"
        }) {
      assertThat(Ack.parse(line).map(Ack::line)).contains(line);
    }
    assertThat(Ack.parse("NAK")).isEmpty();
    assertThatThrownBy(() -> Ack.parse("ACK " + id + " perhaps")).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> Ack.parse("ACK no")).isInstanceOf(WireException.class);
  }

  @Test
  void an_error_that_another_node_may_not_have_is_recognised() {
    String id = "c".repeat(40);
    assertThat(ErrorLines.notOurRef("upload-pack: not our ref " + id)).isTrue();
    assertThat(ErrorLines.notOurRef("want " + id + " not valid\n")).isTrue();
    assertThat(ErrorLines.notOurRef("access denied")).isFalse();
    Pkt pkt = new Pkt.Line(ErrorLines.err("no\u001b such\nthing \u00e9").from(4));
    assertThat(ErrorLines.said(pkt).map(WireText::toUnicode))
        .isEqualTo(Optional.of("no  such thing \u00e9"));
    Pkt framed = new Pkt.Line(ErrorLines.band3(SideBand.SMALL, "gone").from(4));
    assertThat(ErrorLines.said(framed)).contains("gone");
    assertThat(ErrorLines.band3(SideBand.LARGE, "gone").text()).isEqualTo("000a\u0003gone\n");
  }
}
