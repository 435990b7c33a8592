package packhorse.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.WireException;
import packhorse.wire.WireScript;
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.ShallowUpdate;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.refs.AdvertisementHead;
import packhorse.wire.refs.RefPrefixes;
import packhorse.wire.refs.V0AdvertisementSummary;

/// Translation of v2 requests to v0, and of the responses back.
final class V2TranslationTest {
  private static final String CAPABILITIES =
      "multi_ack_detailed no-done side-band-64k thin-pack ofs-delta shallow deepen-since deepen-not"
          + " deepen-relative no-progress include-tag filter symref=HEAD:refs/heads/main"
          + " object-format=sha1 agent=git/2.39.5";

  private static final String REFS =
      """
      # service=git-upload-pack
      0000
      {a} HEAD\\0%s
      {a} refs/heads/main
      {b} refs/heads/topic
      {c} refs/tags/v1
      {a} refs/tags/v1^{}
      shallow {d}
      0000
      """
          .formatted(CAPABILITIES);

  private static final Capabilities NODE = Capabilities.parse(CAPABILITIES);

  @Test
  void the_v2_advertisement_has_the_features_of_the_node_and_of_the_proxy() throws IOException {
    V0AdvertisementSummary summary = V0AdvertisementSummary.read(WireScript.reader(REFS));
    assertThat(TranslatedCapabilities.canTranslate(summary.capabilities())).isTrue();
    assertThat(summary.tip()).contains(id('a'));
    assertThat(summary.shallow()).containsExactly(id('d'));
    assertThat(TranslatedCapabilities.toAdvertisement(summary))
        .isEqualTo(
            pkts(
                """
                version 2
                agent=git/2.39.5
                ls-refs
                fetch=shallow wait-for-done filter sideband-all
                object-format=sha1
                0000
                """));
  }

  @Test
  void depth_and_filters_are_advertised_only_if_the_node_has_them() throws IOException {
    String fewCapabilities = "multi_ack_detailed side-band-64k ofs-delta";
    V0AdvertisementSummary summary =
        V0AdvertisementSummary.read(WireScript.reader(REFS.replace(CAPABILITIES, fewCapabilities)));
    assertThat(TranslatedCapabilities.toAdvertisement(summary).text())
        .contains("fetch=wait-for-done sideband-all")
        .contains("object-format=sha1");
  }

  @Test
  void a_node_without_detailed_acknowledgments_cannot_be_translated() {
    assertThat(TranslatedCapabilities.canTranslate(Capabilities.parse("multi_ack side-band-64k")))
        .isFalse();
    assertThat(
            TranslatedCapabilities.canTranslate(Capabilities.parse("multi_ack_detailed side-band")))
        .isFalse();
  }

  @Test
  void an_empty_repository_has_no_tip_and_no_refs() throws IOException {
    String empty = "0".repeat(40) + " capabilities^{}\\0" + CAPABILITIES + "\n0000\n";
    assertThat(V0AdvertisementSummary.read(WireScript.reader(empty)).tip()).isEmpty();
    assertThat(lsRefs(empty, "peel", "symrefs")).isEqualTo(pkts("0000\n"));
  }

  @Test
  void ls_refs_lists_the_requested_refs_with_peeled_ids_and_the_target_of_head()
      throws IOException {
    assertThat(lsRefs(REFS, "peel", "symrefs"))
        .isEqualTo(
            pkts(
                """
                {a} HEAD symref-target:refs/heads/main
                {a} refs/heads/main
                {b} refs/heads/topic
                {c} refs/tags/v1 peeled:{a}
                0000
                """));
    assertThat(lsRefs(REFS, "ref-prefix refs/tags/", "ref-prefix HEAD"))
        .isEqualTo(pkts("{a} HEAD\n{c} refs/tags/v1\n0000\n"));
    assertThat(lsRefs(REFS, "ref-prefix refs/heads/nothing")).isEqualTo(pkts("0000\n"));
  }

  @Test
  void a_truncated_advertisement_does_not_become_a_complete_list() {
    assertThatThrownBy(() -> lsRefs(REFS.replace("0000\n", "").replace("# service", "# "), "peel"))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(
            () -> lsRefs("{a} refs/heads/a\\0" + CAPABILITIES + "\n{a} refs/heads/b\n", "peel"))
        .isInstanceOf(WireException.UnexpectedEnd.class);
  }

  @Test
  void a_ref_matches_if_it_begins_with_any_of_the_prefixes() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<String> prefixes = new ArrayList<>();
      for (int i = random.nextInt(6) + 1; i > 0; i--) prefixes.add(randomName(random));
      RefPrefixes refPrefixes = new RefPrefixes(prefixes);
      for (int i = 0; i < 50; i++) {
        String name = randomName(random);
        assertThat(refPrefixes.matches(name))
            .as("%s of %s", name, prefixes)
            .isEqualTo(prefixes.stream().anyMatch(name::startsWith));
      }
    }
  }

  private static String randomName(Random random) {
    var word = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) word.append("ab/".charAt(random.nextInt(3)));
    return word.toString();
  }

  @Test
  void a_clone_becomes_one_request_with_done() throws IOException {
    assertThat(v0Request("thin-pack", "ofs-delta", "want {a}", "done"))
        .isEqualTo(
            pkts(
                "want {a} multi_ack_detailed side-band-64k thin-pack ofs-delta object-format=sha1"
                    + " agent=git/2.55\n0000\ndone\n"));
  }

  @Test
  void a_round_with_haves_allows_the_pack_without_done() throws IOException {
    assertThat(v0Request("no-progress", "want {a}", "want {b}", "have {c}", "have {d}"))
        .isEqualTo(
            pkts(
                "want {a} multi_ack_detailed side-band-64k no-done no-progress object-format=sha1"
                    + " agent=git/2.55\nwant {b}\n0000\nhave {c}\nhave {d}\n0000\n"));
  }

  @Test
  void depth_and_filter_become_v0_lines_and_capabilities() throws IOException {
    assertThat(
            v0Request("want {a}", "shallow {b}", "deepen 3", "deepen-relative", "filter blob:none"))
        .isEqualTo(
            pkts(
                """
                want {a} multi_ack_detailed side-band-64k deepen-relative filter object-format=sha1 agent=git/2.55
                shallow {b}
                deepen 3
                filter blob:none
                0000
                done
                """));
  }

  @Test
  void a_fetch_without_wants_becomes_a_request_for_a_tip_without_done() throws IOException {
    assertThat(v0Request("wait-for-done", "have {c}"))
        .isEqualTo(
            pkts(
                """
                want {f} multi_ack_detailed side-band-64k object-format=sha1 agent=git/2.55
                0000
                have {c}
                0000
                """));
  }

  @Test
  void a_capability_that_the_node_lacks_is_named() throws IOException {
    Fetch since = fetch("want {a}", "deepen-since 1000");
    assertThat(TranslatedCapabilities.missingCapability(since, NODE)).isEmpty();
    assertThat(TranslatedCapabilities.missingCapability(since, NODE.without("deepen-since")))
        .contains("deepen-since");
    assertThat(
            TranslatedCapabilities.missingCapability(
                fetch("want {a}", "shallow {b}"), NODE.without("shallow")))
        .contains("shallow");
  }

  @Test
  void acknowledgments_without_ready_end_the_response() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "have {c}");
    assertThat(V2ResponsePrefix.acknowledgments(fetch, acks("ACK {b} common")))
        .isEqualTo(pkts("acknowledgments\nACK {b}\n0000\n"));
    assertThat(V2ResponsePrefix.acknowledgments(fetch, List.of()))
        .isEqualTo(pkts("acknowledgments\nNAK\n0000\n"));
  }

  @Test
  void ready_is_sent_once_and_its_id_is_not_acknowledged() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "have {c}");
    List<Acknowledgment> acks = acks("ACK {b} common", "ACK {c} ready", "ACK {b}");
    assertThat(V2ResponsePrefix.beforePack(fetch, acks, ShallowUpdate.NONE, List.of()))
        .isEqualTo(pkts("acknowledgments\nACK {b}\nready\n0001\npackfile\n"));
  }

  @Test
  void after_done_there_are_no_acknowledgments() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "done");
    assertThat(V2ResponsePrefix.beforePack(fetch, acks("ACK {b}"), ShallowUpdate.NONE, List.of()))
        .isEqualTo(pkts("packfile\n"));
  }

  @Test
  void shallow_info_follows_the_acknowledgments() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "deepen 2");
    ShallowUpdate lines = new ShallowUpdate(List.of(id('c')), List.of(id('d')));
    assertThat(V2ResponsePrefix.beforePack(fetch, acks("ACK {b} common"), lines, List.of()))
        .isEqualTo(
            pkts(
                """
                acknowledgments
                ACK {b}
                ready
                0001
                shallow-info
                shallow {c}\\
                unshallow {d}\\
                0001
                packfile
                """));
  }

  @Test
  void shallow_info_is_sent_to_shallow_clients_and_by_shallow_nodes() throws IOException {
    Fetch client = fetch("want {a}", "shallow {b}", "done");
    assertThat(V2ResponsePrefix.beforePack(client, List.of(), ShallowUpdate.NONE, List.of()))
        .isEqualTo(pkts("shallow-info\n0001\npackfile\n"));
    Fetch plain = fetch("want {a}", "done");
    assertThat(V2ResponsePrefix.beforePack(plain, List.of(), ShallowUpdate.NONE, List.of(id('d'))))
        .isEqualTo(pkts("shallow-info\nshallow {d}\\\n0001\npackfile\n"));
  }

  @Test
  void with_sideband_all_lines_are_on_band_1_and_an_error_is_on_band_3() throws IOException {
    Fetch fetch = fetch("sideband-all", "want {a}", "have {b}");
    assertThat(V2ResponsePrefix.acknowledgments(fetch, List.of()))
        .isEqualTo(pkts("\\1acknowledgments\n\\1NAK\n0000\n"));
    assertThat(V2ResponsePrefix.error(fetch, "no")).isEqualTo(pkts("\\3no\\\n"));
    assertThat(V2ResponsePrefix.error(fetch("want {a}"), "no")).isEqualTo(pkts("ERR no\\\n"));
  }

  private static ByteString lsRefs(String advertisement, String... arguments) throws IOException {
    PktReader in = WireScript.reader(advertisement);
    AdvertisementHead head = AdvertisementHead.read(in);
    V2Command command = command("ls-refs", arguments);
    return ByteString.copyOf(
        new LsRefsTranslator(head, in, (V2Command.LsRefs) command).readAllBytes());
  }

  private static ByteString v0Request(String... arguments) throws IOException {
    Fetch fetch = fetch(arguments);
    return V2ToV0Request.compose(
        fetch, NODE, Optional.of(id('f')), V2ToV0Request.expectsPack(fetch));
  }

  private static Fetch fetch(String... arguments) throws IOException {
    return ((V2Command.FetchCommand) command("fetch", arguments)).fetch();
  }

  private static V2Command command(String name, String... arguments) throws IOException {
    String lines = arguments.length == 0 ? "" : String.join("\n", arguments) + "\n";
    String command = "command=" + name + "\nagent=git/2.55\n0001\n" + lines + "0000\n";
    return V2CommandReader.read(WireScript.reader(command)).orElseThrow();
  }

  private static List<Acknowledgment> acks(String... lines) throws IOException {
    List<Acknowledgment> acks = new ArrayList<>();
    for (String line : lines)
      acks.add(Acknowledgment.parse(WireScript.unescape(line)).orElseThrow());
    return acks;
  }

  private static ByteString pkts(String script) {
    return ByteString.copyOf(WireScript.bytes(script));
  }
}
