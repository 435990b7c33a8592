package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.SideBand;

/// Services, protocol versions, object ids, capabilities, texts, acknowledgments and errors.
class VocabularyTest {

  @Test
  void a_service_has_exactly_one_spelling() {
    assertThat(GitService.of("git-upload-pack")).contains(GitService.UPLOAD_PACK);
    assertThat(GitService.of("git-receive-pack")).contains(GitService.RECEIVE_PACK);
    assertThat(GitService.of("git-upload-archive")).contains(GitService.UPLOAD_ARCHIVE);
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
  void no_other_spelling_is_a_service(String name) {
    assertThat(GitService.of(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', V0", "version=0, V0", "version=1, V1", "version=2, V2", "version=1:version=2, V2",
        "version=2:version=1, V2",
    "version=2:x=y, V2", "x:version=1, V1", "version=3, V0", "version=3:version=1, V1",
        "VERSION=2, V0", "version=2;x, V0",
    "version=02, V0", "'version=2 ', V0", "version=, V0", "':::version=2:', V2"
  })
  void the_highest_known_version_wins(String value, ProtocolVersion version) {
    assertThat(ProtocolVersion.parse(value)).isEqualTo(version);
  }

  @Test
  void a_value_longer_than_256_bytes_is_ignored_and_the_header_is_written_anew() {
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
    assertThat(new ObjectId("0".repeat(40)).isZero()).isTrue();
    assertThat(new ObjectId("0".repeat(39) + "1").isZero()).isFalse();
    for (String invalid :
        new String[] {
          "",
          "a".repeat(39),
          "a".repeat(41),
          "A".repeat(40),
          "g".repeat(40),
          "a".repeat(63),
          " " + "a".repeat(39)
        }) {
      assertThatThrownBy(() -> ObjectId.parse(invalid)).isInstanceOf(WireException.class);
      assertThatThrownBy(() -> new ObjectId(invalid)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void capabilities_are_separated_by_the_same_white_space_as_in_c_git() {
    Capabilities capabilities =
        Capabilities.parse(
            " thin-pack\tagent=git/2.55  symref=HEAD:refs/heads/main\nsymref=A:B atomic= ");
    assertThat(capabilities.entries())
        .containsExactly(
            "thin-pack", "agent=git/2.55", "symref=HEAD:refs/heads/main", "symref=A:B", "atomic=");
    assertThat(capabilities.has("agent")).isTrue();
    assertThat(capabilities.has("age")).isFalse();
    assertThat(capabilities.has("thin")).isFalse();
    assertThat(capabilities.value("agent")).contains("git/2.55");
    assertThat(capabilities.value("thin-pack")).contains("");
    assertThat(capabilities.value("side-band")).isEmpty();
    assertThat(capabilities.values("symref")).containsExactly("HEAD:refs/heads/main", "A:B");
    assertThat(capabilities.without("symref", "agent").plus("ofs-delta").text())
        .isEqualTo("thin-pack atomic= ofs-delta");
    assertThat(new Capabilities(List.of("fetch=shallow filter")).value("fetch"))
        .contains("shallow filter");
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
  void acknowledgments_are_parsed_and_written() throws WireException {
    String id = "c".repeat(40);
    for (String line :
        new String[] {
          "ACK " + id, "ACK " + id + " continue", "ACK " + id + " common", "ACK " + id + " ready"
        }) {
      assertThat(Acknowledgment.parse(line).map(Acknowledgment::toLine)).contains(line);
    }
    assertThat(Acknowledgment.parse("NAK")).isEmpty();
    assertThatThrownBy(() -> Acknowledgment.parse("ACK " + id + " perhaps"))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() -> Acknowledgment.parse("ACK no")).isInstanceOf(WireException.class);
  }

  @Test
  void a_not_our_ref_error_is_recognized_and_errors_are_written_in_both_forms() {
    String id = "c".repeat(40);
    assertThat(ErrorPkts.isNotOurRef("upload-pack: not our ref " + id)).isTrue();
    assertThat(ErrorPkts.isNotOurRef("want " + id + " not valid\n")).isTrue();
    assertThat(ErrorPkts.isNotOurRef("access denied")).isFalse();
    Pkt pkt = new Pkt.Line(ErrorPkts.errPkt("no\u001b such\nthing \u00e9").substring(4));
    assertThat(ErrorPkts.errorText(pkt).map(WireText::toUnicode))
        .isEqualTo(Optional.of("no  such thing \u00e9"));
    Pkt onBand3 = new Pkt.Line(ErrorPkts.errorBand(SideBand.SIDE_BAND, "gone").substring(4));
    assertThat(ErrorPkts.errorText(onBand3)).contains("gone");
    assertThat(ErrorPkts.errorBand(SideBand.SIDE_BAND_64K, "gone").text())
        .isEqualTo("0009\u0003gone");
  }
}
