package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.answers;

import org.junit.jupiter.api.Test;
import packhorse.kit.Pushes;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.placement.Storage;
import packhorse.request.GitRequest.Step;
import packhorse.request.Refusal.Kind;
import packhorse.wire.Tips;

/// Clients that speak v2, over HTTP, with a pool that offers it in front of nodes asked in v0.
final class V2FromV0ExchangeTest {
  private static final String FORTY = Pushes.ONE;
  private static final String V0 =
      pkt("# service=git-upload-pack\n")
          + "0000"
          + pkt(FORTY + " HEAD\0multi_ack_detailed side-band-64k symref=HEAD:refs/heads/main\n")
          + pkt(FORTY + " refs/heads/main\n")
          + "0000";
  private static final String LS_REFS =
      pkt("command=ls-refs\n") + "0001" + pkt("symrefs\n") + pkt("ref-prefix HEAD\n") + "0000";
  private static final String WANT = pkt("want " + FORTY + "\n");
  private static final String HAVE = pkt("have " + "2".repeat(40) + "\n");
  private static final String PACK = pkt("\1PACK...") + "0000";

  private static Sample v2() {
    return Sample.fetch().offeringV2();
  }

  private static RememberingClient client(String body) {
    return RememberingClient.sending(body);
  }

  private static String fetch(String arguments) {
    return pkt("command=fetch\n") + "0001" + arguments + "0000";
  }

  @Test
  void the_node_is_asked_in_v0_and_the_client_hears_v2() throws Exception {
    Trial trial = new Trial(v2().step(Step.ADVERTISEMENT));
    trial.link.script("a", answers(200, V0)).script("b", answers(200, V0));
    RememberingClient client = client("");
    trial.answer(client);
    assertThat(client.received().orElseThrow())
        .startsWith(pkt("version 2\n"))
        .contains("ls-refs")
        .endsWith("0000");
    assertThat(trial.link.calls().getFirst().call().headers().first("Git-Protocol")).isEmpty();
    assertThat(client.headers().first("Content-Length"))
        .contains(Integer.toString(client.received().orElseThrow().length()));
  }

  @Test
  void a_list_of_refs_is_made_of_a_fresh_advertisement() throws Exception {
    Trial trial = new Trial(v2());
    trial.link.script("a", answers(200, V0)).script("b", answers(200, V0));
    RememberingClient client = client(LS_REFS);
    trial.answer(client);
    assertThat(client.received().orElseThrow())
        .isEqualTo(pkt(FORTY + " HEAD symref-target:refs/heads/main\n") + "0000");
    assertThat(trial.link.calls().getFirst().call().target())
        .isEqualTo("/acme/app/info/refs?service=git-upload-pack");
    assertThat(client.headers().all("Content-Type"))
        .containsExactly("application/x-git-upload-pack-result");
  }

  @Test
  void a_list_that_was_translated_is_remembered_where_nodes_can_differ() throws Exception {
    Trial trial = new Trial(v2().storage(Storage.REPLICATED, "a", "b"));
    trial.link.script("a", answers(200, V0));
    trial.answer(client(LS_REFS));
    assertThat(trial.tips.older(trial.permit(), Tips.NONE)).isTrue();
  }

  @Test
  void a_fetch_is_said_in_v0_and_its_pack_goes_on_as_it_is() throws Exception {
    Trial trial = new Trial(v2().nodes("a"));
    trial.link.script("a", answers(200, V0), answers(200, pkt("NAK\n") + PACK));
    RememberingClient client = client(fetch(WANT + pkt("done\n")));
    trial.answer(client);
    assertThat(client.received().orElseThrow()).isEqualTo(pkt("packfile\n") + PACK);
    assertThat(trial.link.calls().getLast().body())
        .isEqualTo(
            pkt("want " + FORTY + " multi_ack_detailed side-band-64k\n") + "0000" + pkt("done\n"));
  }

  @Test
  void a_node_that_waits_for_done_is_asked_once_more_when_it_knows_enough() throws Exception {
    Trial trial = new Trial(v2().nodes("a"));
    String ready = pkt("ACK " + "2".repeat(40) + " common\n") + pkt("ACK " + FORTY + " ready\n");
    trial.link.script(
        "a",
        answers(200, V0),
        answers(200, ready + pkt("NAK\n")),
        answers(200, pkt("ACK " + "2".repeat(40) + "\n") + PACK));
    RememberingClient client = client(fetch(WANT + HAVE));
    trial.answer(client);
    assertThat(client.received().orElseThrow())
        .isEqualTo(
            pkt("acknowledgments\n")
                + pkt("ACK " + "2".repeat(40) + "\n")
                + pkt("ready\n")
                + "0001"
                + pkt("packfile\n")
                + PACK);
  }

  @Test
  void a_nodes_own_no_goes_on_in_its_words() throws Exception {
    Trial trial = new Trial(v2().nodes("a"));
    String no = pkt("ERR upload-pack: not our ref " + FORTY + "\n");
    trial.link.script("a", answers(200, V0), answers(200, no));
    RememberingClient client = client(fetch(WANT + pkt("done\n")));
    trial.answer(client);
    assertThat(client.received().orElseThrow()).isEqualTo(no);
  }

  @Test
  void what_the_node_cannot_do_is_refused_before_it_is_asked() throws Exception {
    Trial trial = new Trial(v2().nodes("a"));
    trial.link.script("a", answers(200, V0));
    var refused = trial.refused(client(fetch(WANT + pkt("deepen-since 1000\n") + pkt("done\n"))));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NOT_SERVED);
    assertThat(trial.link.calls()).hasSize(1);
  }

  @Test
  void a_command_that_was_not_offered_is_refused() throws Exception {
    Trial trial = new Trial(v2());
    var refused = trial.refused(client(pkt("command=object-info\n") + "0000"));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.MALFORMED);
    assertThat(trial.link.calls()).isEmpty();
  }

  @Test
  void a_line_that_was_not_offered_is_refused_as_git_does() throws Exception {
    Trial trial = new Trial(v2().nodes("a"));
    trial.link.script("a", answers(200, V0));
    var refused = trial.refused(client(fetch(WANT + pkt("want-ref refs/heads/main\n"))));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.MALFORMED);
    assertThat(refused).hasMessageContaining("unexpected line");
    assertThat(trial.link.calls()).hasSize(1);
  }

  @Test
  void a_node_that_cannot_be_translated_speaks_for_itself() throws Exception {
    Trial trial = new Trial(v2().step(Step.ADVERTISEMENT).nodes("a"));
    String poor = V0.replace("multi_ack_detailed", "multi_ack_careless");
    trial.link.script("a", answers(200, poor), answers(200, poor));
    RememberingClient client = client("");
    trial.answer(client);
    assertThat(client.received().orElseThrow()).isEqualTo(poor);
  }
}
