package packhorse.wire.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ObjectFormat;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.WireText;
import packhorse.wire.pkt.SideBand;

class PushReaderTest {

  private static final String COMMANDS =
      """
      {0} {a} refs/heads/new\\0 report-status-v2 side-band-64k atomic object-format=sha1 agent=git/2.39.5\\
      {a} {b} refs/heads/main\\
      {b} {0} refs/heads/old\\
      0000
      """;

  private static final String SIGNED =
      """
      push-cert\\0 report-status side-band-64k push-options object-format=sha1
      certificate version 0.1
      pusher SHA256:x  1795603964 +0000
      pushee http://git.example.org/team/app.git/
      nonce 1795603964-6b058eb1
      push-option ci.skip
      \\n\\
      {0} {a} refs/heads/denied
      {a} {0} refs/heads/old
      -----BEGIN SSH SIGNATURE-----
      U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg
      -----END SSH SIGNATURE-----
      push-cert-end
      0000
      ci.skip\\
      0000
      """;

  @Test
  void commands_and_capabilities_are_read() throws IOException {
    Push push = read(COMMANDS);
    assertThat(push.updates())
        .containsExactly(
            new RefUpdate(id('0'), id('a'), "refs/heads/new"),
            new RefUpdate(id('a'), id('b'), "refs/heads/main"),
            new RefUpdate(id('b'), id('0'), "refs/heads/old"));
    assertThat(push.updates())
        .extracting(RefUpdate::kind)
        .containsExactly(
            RefUpdate.UpdateKind.CREATE, RefUpdate.UpdateKind.UPDATE, RefUpdate.UpdateKind.DELETE);
    assertThat(push.wantsReport()).isTrue();
    assertThat(push.sideBand()).isEqualTo(SideBand.SIDE_BAND_64K);
    assertThat(push.signed()).isFalse();
    assertThat(push.hasPack()).isTrue();
    assertThat(push.capabilities().has("atomic")).isTrue();
  }

  @Test
  void the_head_is_kept_byte_for_byte_and_the_pack_is_not_read() throws IOException {
    InputStream in = WireScript.stream(COMMANDS + "=PACK....");
    assertThat(PushReader.read(in).orElseThrow().raw().toArray())
        .isEqualTo(WireScript.bytes(COMMANDS));
    assertThat(in).hasBinaryContent(WireText.bytes("PACK...."));
  }

  @Test
  void commands_inside_a_push_certificate_are_read() throws IOException {
    InputStream in = WireScript.stream(SIGNED + "=PACK");
    Push push = PushReader.read(in).orElseThrow();
    assertThat(push.signed()).isTrue();
    assertThat(push.updates())
        .containsExactly(
            new RefUpdate(id('0'), id('a'), "refs/heads/denied"),
            new RefUpdate(id('a'), id('0'), "refs/heads/old"));
    assertThat(push.options()).containsExactly("ci.skip");
    assertThat(push.raw().toArray()).isEqualTo(WireScript.bytes(SIGNED));
    assertThat(in).hasBinaryContent(WireText.bytes("PACK"));
  }

  /// Attack: the commands are not divided into one pkt for each line, so that a reader of lines
  /// finds none of them. Git joins the pkts first.
  @Test
  void a_certificate_is_read_however_it_is_divided_into_pkts_Regression() throws IOException {
    String script =
        """
        push-cert\\0 report-status
        certificate version 0.1\\n\\n{0} {a} refs/hea\\
        ds/denied\\n-----BEGIN PGP SIGNATURE-----\\n\\
        push-cert-end
        0000
        """;
    assertThat(read(script).updates())
        .containsExactly(new RefUpdate(id('0'), id('a'), "refs/heads/denied"));
  }

  @Test
  void a_certificate_without_signature_still_has_commands() throws IOException {
    String unsigned = "push-cert\\0\nx\n\\n\\\n{0} {a} refs/heads/a\npush-cert-end\n0000";
    assertThat(read(unsigned).updates()).hasSize(1);
  }

  @Test
  void shallow_lines_may_precede_the_commands() throws IOException {
    Push push = read("shallow {f}\\\nshallow {e}\\\n" + COMMANDS);
    assertThat(push.shallows()).containsExactly(id('f'), id('e'));
    assertThat(push.updates()).hasSize(3);
    assertThat(read("shallow {f}\\\n" + SIGNED).updates()).hasSize(2);
  }

  @Test
  void a_delete_only_push_has_no_pack() throws IOException {
    Push push = read("{a} {0} refs/heads/a\\0report-status\n{b} {0} refs/heads/b\n0000");
    assertThat(push.hasPack()).isFalse();
    assertThat(push.sideBand()).isEqualTo(SideBand.NONE);
  }

  @Test
  void push_options_are_read_if_any_command_line_announced_them() throws IOException {
    Push push =
        read(
            """
            {0} {a} refs/heads/a\\0 report-status
            {0} {a} refs/heads/b\\0 push-options
            0000
            x=1;y\\
            \\
            0000
            """);
    assertThat(push.options()).containsExactly("x=1;y", "");
    InputStream withoutCapability =
        WireScript.stream("{0} {a} refs/heads/a\\0 report-status\n0000\nx=1\n0000");
    assertThat(PushReader.read(withoutCapability).orElseThrow().options()).isEmpty();
  }

  @Test
  void the_word_PACK_or_a_flush_within_a_text_does_not_end_the_commands() throws IOException {
    String script =
        """
        {0} {a} refs/heads/PACK\\0 report-status push-options agent=PACK0000
        {0} {b} refs/heads/0000PACK
        0000
        PACK\\
        0000
        """;
    InputStream in = WireScript.stream(script + "=PACK....");
    Push push = PushReader.read(in).orElseThrow();
    assertThat(push.updates())
        .extracting(RefUpdate::ref)
        .containsExactly("refs/heads/PACK", "refs/heads/0000PACK");
    assertThat(push.options()).containsExactly("PACK");
    assertThat(in).hasBinaryContent(WireText.bytes("PACK...."));
  }

  @Test
  void a_flush_alone_is_not_a_push() throws IOException {
    assertThat(PushReader.read(WireScript.stream("0000"))).isEmpty();
  }

  @Test
  void sha256_and_ref_names_that_are_not_utf8_are_read() throws IOException {
    Push push = read("{{0}} {{a}} refs/heads/gr\u00f6\u00df\\0 object-format=sha256\n0000");
    assertThat(push.format()).isEqualTo(ObjectFormat.SHA256);
    assertThat(push.updates().getFirst().ref()).isEqualTo("refs/heads/gr\u00f6\u00df");
    assertThat(push.raw().text()).contains("gr\u00f6\u00df");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{0} {a} refs/heads/a",
        "{0} {a} refs/heads/a\n0001",
        "{0} {a} refs/heads/a\n0002\n0000",
        "{0} {a} \n0000",
        "{0} {a}\n0000",
        "{0}  {a} refs/heads/a\n0000",
        "{0} {a}  refs/heads/a\n0000",
        "{0} {a} refs/heads/a b\n0000",
        "{0} {a} refs/heads/a\\1\n0000",
        "{0} {a} refs/heads/a\\n\n0000",
        "{0} {{a}} refs/heads/a\n0000",
        "{0} {a} refs/heads/a\n{{0}} {{a}} refs/heads/b\n0000",
        "{0} {a} refs/heads/a\\0 object-format=sha256\n0000",
        "{0} {a} refs/heads/a\\0 report-status\\0 push-options\n0000",
        "shallow {f}\n0000",
        "shallow x\n{0} {a} refs/heads/a\n0000",
        "want {a}\n0000\ndone",
        "command=ls-refs\n0000",
        "push-cert\\0\ncertificate\n0000",
        "push-cert\\0\ncertificate\npush-cert-end\n0000",
        "push-cert\\0\nx\n\\n\\\npush-cert-end\n0000",
        "push-cert\\0\nx\n\\n\\\n{0} {a} refs/heads/a\npush-cert-end",
        "push-cert\\0\nx\n\\n\\\n{0} {a} refs/heads/a\npush-cert-end\n{0} {a} refs/heads/b\n0000",
        "{0} {a} refs/heads/b\npush-cert\\0\nx\n\\n\\\n{0} {a} refs/heads/a\npush-cert-end\n0000",
        """
        push-cert\\0
        x
        \\n\\
        {0} {a} refs/heads/a
        push-cert-end
        push-cert\\0
        x
        \\n\\
        {0} {a} refs/heads/b
        push-cert-end
        0000
        """,
        "push-cert\\0\nx\n\\n\\\n{0} {a} refs/heads/a\\0\npush-cert-end\n0000",
        """
        push-cert\\0
        x
        \\n\\
        {0} {a} refs/heads/a
        -----BEGIN PGP SIGNATURE-----
        {0} {a} refs/heads/b
        -----BEGIN SSH SIGNATURE-----
        push-cert-end
        0000
        """,
        "{0} {a} refs/heads/a\\0push-options\n0000",
        "{0} {a} refs/heads/a\\0push-options\n0000\na\\nb\n0000",
        "{0} {a} refs/heads/a\\0push-options\n0000\na\\0b\n0000",
        "{0} {a} refs/heads/a\\0push-options\n0000\na\n0001"
      })
  void a_malformed_head_is_rejected(String script) {
    assertThatThrownBy(() -> PushReader.read(WireScript.stream(script)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void commands_names_and_options_beyond_the_limits_are_rejected() {
    String command = "{0} {a} refs/heads/a\n";
    assertThatThrownBy(() -> read(command.repeat(WireLimits.PUSH_COMMANDS + 1) + "0000"))
        .isInstanceOf(WireException.TooLarge.class)
        .hasMessageContaining("commands");
    String longest = "refs/heads/" + "x".repeat(WireLimits.REF_NAME_BYTES - 11);
    assertThatCode(() -> read("{0} {a} " + longest + "\n0000")).doesNotThrowAnyException();
    assertThatThrownBy(() -> read("{0} {a} " + longest + "x\n0000"))
        .isInstanceOf(WireException.TooLarge.class);
    String options = "{0} {a} refs/heads/a\\0push-options\n0000\n";
    assertThatThrownBy(() -> read(options + "a\n".repeat(WireLimits.PUSH_OPTIONS + 1)))
        .isInstanceOf(WireException.TooLarge.class);
    assertThatThrownBy(() -> read(options + ("a".repeat(60_000) + "\n").repeat(2)))
        .isInstanceOf(WireException.TooLarge.class);
    assertThatThrownBy(() -> read("shallow {a}\n".repeat(650_000)))
        .isInstanceOf(WireException.TooLarge.class);
  }

  private static Push read(String script) throws IOException {
    return PushReader.read(WireScript.stream(script)).orElseThrow();
  }
}
