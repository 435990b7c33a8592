package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What becomes of a v2 client's words at a node that is asked in v0, and of the node's.
final class V2FromV0Test {
  private static final String OFFERED =
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
          .formatted(OFFERED);

  private static final Capabilities NODE = Capabilities.parse(OFFERED);

  @Test
  void offered_is_what_the_node_can_do_and_what_is_ours_to_do() throws IOException {
    V0Offer offer = V0Offer.read(WireScript.reader(REFS));
    assertThat(V2Offer.possible(offer.capabilities())).isTrue();
    assertThat(offer.tip()).contains(id('a'));
    assertThat(offer.shallow()).containsExactly(id('d'));
    assertThat(V2Offer.advertisement(offer))
        .isEqualTo(
            script(
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
  void a_node_without_depth_or_filters_is_not_said_to_have_them() throws IOException {
    String poor = "multi_ack_detailed side-band-64k ofs-delta";
    V0Offer offer = V0Offer.read(WireScript.reader(REFS.replace(OFFERED, poor)));
    assertThat(V2Offer.advertisement(offer).text())
        .contains("fetch=wait-for-done sideband-all")
        .contains("object-format=sha1");
  }

  @Test
  void a_node_whose_acknowledgments_are_not_exact_is_not_translated() {
    assertThat(V2Offer.possible(Capabilities.of("multi_ack", "side-band-64k"))).isFalse();
    assertThat(V2Offer.possible(Capabilities.of("multi_ack_detailed", "side-band"))).isFalse();
  }

  @Test
  void an_empty_repository_has_no_tip_and_no_refs() throws IOException {
    String empty = "0".repeat(40) + " capabilities^{}\\0" + OFFERED + "\n0000\n";
    assertThat(V0Offer.read(WireScript.reader(empty)).tip()).isEmpty();
    assertThat(listed(empty, "peel", "symrefs")).isEqualTo(script("0000\n"));
  }

  @Test
  void a_list_has_the_refs_that_were_asked_for_peeled_and_with_the_target_of_head()
      throws IOException {
    assertThat(listed(REFS, "peel", "symrefs"))
        .isEqualTo(
            script(
                """
                {a} HEAD symref-target:refs/heads/main
                {a} refs/heads/main
                {b} refs/heads/topic
                {c} refs/tags/v1 peeled:{a}
                0000
                """));
    assertThat(listed(REFS, "ref-prefix refs/tags/", "ref-prefix HEAD"))
        .isEqualTo(script("{a} HEAD\n{c} refs/tags/v1\n0000\n"));
    assertThat(listed(REFS, "ref-prefix refs/heads/nothing")).isEqualTo(script("0000\n"));
  }

  @Test
  void a_list_that_the_node_does_not_end_is_not_ended_here() {
    assertThatThrownBy(() -> listed(REFS.replace("0000\n", "").replace("# service", "# "), "peel"))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(
            () -> listed("{a} refs/heads/a\\0" + OFFERED + "\n{a} refs/heads/b\n", "peel"))
        .isInstanceOf(WireException.CutShort.class);
  }

  @Test
  void whichever_prefixes_are_named_a_ref_is_listed_if_it_begins_with_one() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<String> prefixes = new ArrayList<>();
      for (int i = random.nextInt(6) + 1; i > 0; i--) prefixes.add(word(random));
      RefPrefixes quick = new RefPrefixes(prefixes);
      for (int i = 0; i < 50; i++) {
        String name = word(random);
        assertThat(quick.match(name))
            .as("%s of %s", name, prefixes)
            .isEqualTo(prefixes.stream().anyMatch(name::startsWith));
      }
    }
  }

  private static String word(Random random) {
    var word = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) word.append("ab/".charAt(random.nextInt(3)));
    return word.toString();
  }

  @Test
  void a_clone_asks_for_everything_at_once() throws IOException {
    assertThat(asked("thin-pack", "ofs-delta", "want {a}", "done"))
        .isEqualTo(
            script(
                "want {a} multi_ack_detailed side-band-64k thin-pack ofs-delta object-format=sha1"
                    + " agent=git/2.55\n0000\ndone\n"));
  }

  @Test
  void a_round_names_its_haves_and_lets_the_pack_come_when_the_node_knows_enough()
      throws IOException {
    assertThat(asked("no-progress", "want {a}", "want {b}", "have {c}", "have {d}"))
        .isEqualTo(
            script(
                "want {a} multi_ack_detailed side-band-64k no-done no-progress object-format=sha1"
                    + " agent=git/2.55\nwant {b}\n0000\nhave {c}\nhave {d}\n0000\n"));
  }

  @Test
  void depth_and_filter_are_said_in_the_words_of_v0() throws IOException {
    assertThat(asked("want {a}", "shallow {b}", "deepen 3", "deepen-relative", "filter blob:none"))
        .isEqualTo(
            script(
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
  void who_only_asks_what_is_common_wants_some_tip_and_no_pack() throws IOException {
    assertThat(asked("wait-for-done", "have {c}"))
        .isEqualTo(
            script(
                """
                want {f} multi_ack_detailed side-band-64k object-format=sha1 agent=git/2.55
                0000
                have {c}
                0000
                """));
  }

  @Test
  void what_the_node_cannot_do_is_named() throws IOException {
    Fetch since = fetch("want {a}", "deepen-since 1000");
    assertThat(V2Offer.lacking(since, NODE)).isEmpty();
    assertThat(V2Offer.lacking(since, NODE.without("deepen-since"))).contains("deepen-since");
    assertThat(V2Offer.lacking(fetch("want {a}", "shallow {b}"), NODE.without("shallow")))
        .contains("shallow");
  }

  @Test
  void acknowledgments_without_enough_end_the_answer() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "have {c}");
    assertThat(V2AnswerHead.acknowledgments(fetch, acks("ACK {b} common")))
        .isEqualTo(script("acknowledgments\nACK {b}\n0000\n"));
    assertThat(V2AnswerHead.acknowledgments(fetch, List.of()))
        .isEqualTo(script("acknowledgments\nNAK\n0000\n"));
  }

  @Test
  void ready_is_said_once_and_its_id_is_not_taken_for_common() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "have {c}");
    List<Ack> acks = acks("ACK {b} common", "ACK {c} ready", "ACK {b}");
    assertThat(V2AnswerHead.beforePack(fetch, acks, ShallowLines.NONE, List.of()))
        .isEqualTo(script("acknowledgments\nACK {b}\nready\n0001\npackfile\n"));
  }

  @Test
  void after_done_there_is_no_word_of_what_is_common() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "done");
    assertThat(V2AnswerHead.beforePack(fetch, acks("ACK {b}"), ShallowLines.NONE, List.of()))
        .isEqualTo(script("packfile\n"));
  }

  @Test
  void the_shallow_list_comes_behind_the_acknowledgments() throws IOException {
    Fetch fetch = fetch("want {a}", "have {b}", "deepen 2");
    ShallowLines lines = new ShallowLines(List.of(id('c')), List.of(id('d')));
    assertThat(V2AnswerHead.beforePack(fetch, acks("ACK {b} common"), lines, List.of()))
        .isEqualTo(
            script(
                """
                acknowledgments
                ACK {b}
                ready
                0001
                shallow-info
                shallow {c}
                unshallow {d}
                0001
                packfile
                """));
  }

  @Test
  void a_shallow_client_and_a_client_of_a_shallow_node_hear_of_it() throws IOException {
    Fetch client = fetch("want {a}", "shallow {b}", "done");
    assertThat(V2AnswerHead.beforePack(client, List.of(), ShallowLines.NONE, List.of()))
        .isEqualTo(script("shallow-info\n0001\npackfile\n"));
    Fetch plain = fetch("want {a}", "done");
    assertThat(V2AnswerHead.beforePack(plain, List.of(), ShallowLines.NONE, List.of(id('d'))))
        .isEqualTo(script("shallow-info\nshallow {d}\n0001\npackfile\n"));
  }

  @Test
  void where_all_is_framed_every_line_is_on_band_one_and_an_error_on_band_three()
      throws IOException {
    Fetch fetch = fetch("sideband-all", "want {a}", "have {b}");
    assertThat(V2AnswerHead.acknowledgments(fetch, List.of()))
        .isEqualTo(script("\\1acknowledgments\n\\1NAK\n0000\n"));
    assertThat(V2AnswerHead.error(fetch, "no")).isEqualTo(script("\\3no\n"));
    assertThat(V2AnswerHead.error(fetch("want {a}"), "no")).isEqualTo(script("ERR no\n"));
  }

  private static Bytes listed(String advertisement, String... arguments) throws IOException {
    PktReader in = WireScript.reader(advertisement);
    AdvertisementHead head = AdvertisementHead.read(in);
    V2Command command = command("ls-refs", arguments);
    return Bytes.copyOf(new V2Listing(head, in, (V2Command.LsRefs) command).readAllBytes());
  }

  private static Bytes asked(String... arguments) throws IOException {
    Fetch fetch = fetch(arguments);
    return V2InV0.body(fetch, NODE, Optional.of(id('f')), V2InV0.done(fetch));
  }

  private static Fetch fetch(String... arguments) throws IOException {
    return ((V2Command.FetchCommand) command("fetch", arguments)).fetch();
  }

  private static V2Command command(String name, String... arguments) throws IOException {
    String lines = arguments.length == 0 ? "" : String.join("\n", arguments) + "\n";
    String command = "command=" + name + "\nagent=git/2.55\n0001\n" + lines + "0000\n";
    return V2CommandReader.read(WireScript.reader(command)).orElseThrow();
  }

  private static List<Ack> acks(String... lines) throws IOException {
    List<Ack> acks = new ArrayList<>();
    for (String line : lines) acks.add(Ack.parse(WireScript.unescape(line)).orElseThrow());
    return acks;
  }

  private static Bytes script(String script) {
    return Bytes.copyOf(WireScript.bytes(script));
  }
}
