package packhorse.wire.refs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.GitService;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.WireText;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;

class AdvertisementTest {

  private static final String V0 =
      """
      {a} HEAD\\0multi_ack side-band-64k symref=HEAD:refs/heads/main object-format=sha1 agent=git/2.55.0
      {a} refs/heads/main
      {b} refs/tags/v1
      {a} refs/tags/v1^{}
      shallow {c}
      0000
      """;

  private static final String SERVICE = "# service=git-upload-pack\n0000\n";

  private static final String V2 =
      """
      version 2
      agent=git/2.55.0
      ls-refs=unborn
      fetch=shallow wait-for-done filter
      object-format=sha256
      0000
      """;

  @Test
  void a_v0_advertisement_over_http_has_refs_and_capabilities() throws IOException {
    Advertisement advertisement = read(SERVICE + V0);
    assertThat(advertisement.version()).isEqualTo(ProtocolVersion.V0);
    assertThat(advertisement.format()).isEqualTo(ObjectFormat.SHA1);
    assertThat(advertisement.refs())
        .containsExactly(
            new Ref("HEAD", id('a'), Optional.empty(), Optional.of("refs/heads/main")),
            Ref.of("refs/heads/main", id('a')),
            new Ref("refs/tags/v1", id('b'), Optional.of(id('a')), Optional.empty()));
    assertThat(advertisement.shallow()).containsExactly(id('c'));
    assertThat(advertisement.capabilities().value("agent")).contains("git/2.55.0");
    assertThat(advertisement.ref("refs/tags/v1")).isPresent();
  }

  @Test
  void the_service_line_is_optional_and_v1_begins_with_its_version() throws IOException {
    assertThat(read(V0)).isEqualTo(read(SERVICE + V0));
    Advertisement v1 = read(SERVICE + "version 1\n" + V0);
    assertThat(v1.version()).isEqualTo(ProtocolVersion.V1);
    assertThat(v1.refs()).isEqualTo(read(V0).refs());
  }

  @Test
  void a_v2_advertisement_has_capabilities_only_with_or_without_the_service_line()
      throws IOException {
    Advertisement advertisement = read(SERVICE + V2);
    assertThat(advertisement).isEqualTo(read(V2));
    assertThat(advertisement.version()).isEqualTo(ProtocolVersion.V2);
    assertThat(advertisement.format()).isEqualTo(ObjectFormat.SHA256);
    assertThat(advertisement.refs()).isEmpty();
    assertThat(advertisement.capabilities().value("fetch"))
        .contains("shallow wait-for-done filter");
  }

  @Test
  void an_empty_repository_advertises_capabilities_only_or_before_git_2_41_a_flush()
      throws IOException {
    Advertisement empty = read("{0} capabilities^{}\\0multi_ack object-format=sha1\n0000");
    assertThat(empty.refs()).isEmpty();
    assertThat(empty.capabilities().has("multi_ack")).isTrue();
    assertThat(read(SERVICE + "0000").refs()).isEmpty();
    assertThat(read("{{0}} capabilities^{}\\0object-format=sha256\n0000").format())
        .isEqualTo(ObjectFormat.SHA256);
  }

  @Test
  void an_advertisement_for_pushes_may_have_have_lines() throws IOException {
    Advertisement advertisement =
        read("{a} refs/heads/main\\0report-status\n{b} .have\n{c} .have\n0000");
    assertThat(advertisement.refs())
        .extracting(Ref::name)
        .containsExactly("refs/heads/main", ".have", ".have");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# service=git-upload-pack\n0000",
        "# service=git-upload-pack\n{a} HEAD\\0x\n0000",
        "{a} HEAD\\0x",
        "{a} HEAD\\0x\n0001",
        "version 2\nagent=x",
        "<html>\n0000",
        "{a}\n0000",
        "abc HEAD\\0x\n0000",
        "{a} HEAD\\0x\n{b} refs/tags/v1^{}\n0000",
        "{a} HEAD\\0object-format=md5\n0000",
        "=<!DOCTYPE html><html>"
      })
  void an_incomplete_or_malformed_advertisement_is_rejected(String script) {
    assertThatThrownBy(() -> read(script)).isInstanceOf(WireException.class);
  }

  @Test
  void capabilities_without_end_are_rejected() throws IOException {
    for (String capability : List.of("\\", "x", "x".repeat(60_000))) {
      String most = "version 2\n" + (capability + "\n").repeat(16);
      assertThat(AdvertisementHead.read(reader(most + "0000")).capabilities().entries())
          .hasSize(16);
      int count = WireLimits.ADVERTISED_CAPABILITY_BYTES / Math.max(64, capability.length()) + 2;
      String more = "version 2\n" + (capability + "\n").repeat(count);
      assertThatThrownBy(() -> AdvertisementHead.read(reader(more)))
          .isInstanceOf(WireException.TooLarge.class);
    }
  }

  @Test
  void shallow_commits_of_a_node_without_end_are_rejected() {
    String first = "{a} HEAD\\0x\n";
    String more = first + "shallow {b}\n".repeat(WireLimits.NODE_SHALLOW_COMMITS + 1);
    assertThatThrownBy(() -> V0AdvertisementSummary.read(reader(more)))
        .isInstanceOf(WireException.TooLarge.class);
  }

  @Test
  void an_error_of_the_node_has_its_own_exception() {
    assertThatThrownBy(() -> read("ERR access denied"))
        .isInstanceOfSatisfying(
            WireException.RemoteError.class,
            e -> assertThat(e.errorText()).isEqualTo("access denied"));
  }

  @Test
  void the_reader_does_not_read_beyond_the_flush() throws IOException {
    InputStream in = WireScript.stream(V0 + "=next");
    AdvertisementReader.read(in);
    assertThat(in).hasBinaryContent(WireText.bytes("next"));
  }

  @Test
  void the_head_can_be_changed_while_the_rest_is_relayed_unread() throws IOException {
    InputStream in = WireScript.stream(SERVICE + V0);
    AdvertisementHead head = AdvertisementHead.read(new PktReader(in, 1000));
    AdvertisementHead toClient =
        head.withCapabilities(head.capabilities().without("multi_ack", "symref")).withoutService();
    assertThat(head.service()).contains("git-upload-pack");
    assertThat(toClient.toByteString().text() + WireText.text(in.readAllBytes()))
        .isEqualTo(
            WireText.text(
                WireScript.bytes(
                    V0.replace("multi_ack ", "").replace("symref=HEAD:refs/heads/main ", ""))));
  }

  @Test
  void an_unchanged_head_has_the_same_bytes() throws IOException {
    for (String script :
        List.of(V2, SERVICE + V2, "0000", SERVICE + "0000", "version 1\n{a} HEAD\\0x y")) {
      byte[] bytes = WireScript.bytes(script);
      assertThat(AdvertisementHead.read(WireScript.reader(script)).toByteString().toArray())
          .isEqualTo(bytes);
    }
  }

  @Test
  void writing_an_advertisement_gives_the_bytes_that_were_read() throws IOException {
    for (String script :
        List.of(V0, SERVICE + V0, V2, "version 1\n" + V0, "{0} capabilities^{}\\0x\n0000")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Optional<GitService> service =
          script.startsWith("#") ? Optional.of(GitService.UPLOAD_PACK) : Optional.empty();
      AdvertisementWriter.write(read(script), service, new PktWriter(out));
      assertThat(out.toByteArray()).isEqualTo(WireScript.bytes(script));
    }
  }

  @Test
  void an_ls_refs_response_has_peeled_ids_symrefs_and_an_unborn_head() throws IOException {
    String script =
        """
        {a} HEAD symref-target:refs/heads/main
        {b} refs/tags/v1 peeled:{a}
        unborn HEAD2 symref-target:refs/heads/none
        0000
        """;
    List<Ref> refs = LsRefsResponse.read(WireScript.reader(script), ObjectFormat.SHA1);
    assertThat(refs)
        .containsExactly(
            new Ref("HEAD", id('a'), Optional.empty(), Optional.of("refs/heads/main")),
            new Ref("refs/tags/v1", id('b'), Optional.of(id('a')), Optional.empty()),
            new Ref("HEAD2", id('0'), Optional.empty(), Optional.of("refs/heads/none")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AdvertisementWriter.writeLsRefs(refs, new PktWriter(out));
    assertThat(out.toByteArray()).isEqualTo(WireScript.bytes(script));
  }

  private static PktReader reader(String script) {
    return new PktReader(WireScript.stream(script), WireLimits.ADVERTISEMENT_BYTES);
  }

  private static Advertisement read(String script) throws IOException {
    return AdvertisementReader.read(WireScript.stream(script));
  }
}
