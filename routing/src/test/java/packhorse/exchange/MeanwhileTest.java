package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.answers;
import static packhorse.kit.ScriptedLink.breaks;
import static packhorse.kit.ScriptedLink.breaksAfter;
import static packhorse.kit.ScriptedLink.silent;

import org.junit.jupiter.api.Test;
import packhorse.kit.Pushes;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.node.ClientGone;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;
import packhorse.wire.ProtocolVersion;

/// What a client over HTTP is told while the node that it waits for is silent, and what then.
final class MeanwhileTest {
  private static final String FRAME = "0005\2";
  private static final String BEGIN = pkt("packfile\n");
  private static final String PACK = pkt("\1PACK...") + "0000";
  private static final String NO = "upload-pack: not our ref " + Pushes.ONE;

  private static Sample sample() {
    return Sample.fetch().checking(Pool.Checking.PROXY).nodes("a");
  }

  private static String fetch(String arguments) {
    return pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ONE + "\n") + arguments + "0000";
  }

  private static RememberingClient cloning() {
    return RememberingClient.sending(fetch(pkt("done\n")));
  }

  @Test
  void it_is_given_the_beginning_of_its_pack_once_then_empty_frames_then_the_rest()
      throws Exception {
    Trial trial = new Trial(sample());
    trial.link.script("a", silent(3, answers(200, BEGIN + PACK)));
    RememberingClient client = cloning();
    Answer answer = trial.answer(client);
    assertThat(client.ahead()).isEqualTo(BEGIN + FRAME + FRAME + FRAME);
    assertThat(client.received()).contains(PACK);
    assertThat(client.status()).isEqualTo(200);
    assertThat(client.headers().first("Content-Type"))
        .contains("application/x-git-upload-pack-result");
    assertThat(client.headers().first("Cache-Control")).isPresent();
    assertThat(answer.bytes()).as("what a node gave").isEqualTo(PACK.length());
  }

  @Test
  void in_v0_it_is_told_that_nothing_is_common() throws Exception {
    Trial trial = new Trial(sample().version(ProtocolVersion.V0));
    trial.link.script("a", silent(1, answers(200, pkt("NAK\n") + PACK)));
    var client =
        RememberingClient.sending(
            pkt("want " + Pushes.ONE + " side-band-64k\n") + "0000" + pkt("done\n"));
    trial.answer(client);
    assertThat(client.ahead()).isEqualTo(pkt("NAK\n") + FRAME);
    assertThat(client.received()).contains(PACK);
  }

  @Test
  void where_every_line_is_framed_the_answer_stays_whole() throws Exception {
    Trial trial = new Trial(sample());
    String framed = pkt("\1shallow-info\n") + pkt("\1shallow " + Pushes.TWO) + "0001";
    trial.link.script("a", silent(1, answers(200, framed + pkt("\1packfile\n") + PACK)));
    var client =
        RememberingClient.sending(fetch(pkt("sideband-all\n") + pkt("deepen 1\n") + pkt("done\n")));
    trial.answer(client);
    assertThat(client.ahead()).isEqualTo(FRAME);
    assertThat(client.received()).contains(framed + pkt("\1packfile\n") + PACK);
  }

  @Test
  void a_quick_answer_is_the_nodes_from_head_to_end() throws Exception {
    Trial trial = new Trial(sample());
    trial.link.script("a", answers(200, BEGIN + PACK, "X-Own: 1"));
    RememberingClient client = cloning();
    Answer answer = trial.answer(client);
    assertThat(client.ahead()).isEmpty();
    assertThat(client.received()).contains(BEGIN + PACK);
    assertThat(client.headers().first("X-Own")).contains("1");
    assertThat(answer.bytes()).isEqualTo((BEGIN + PACK).length());
  }

  @Test
  void with_depth_it_is_told_nothing() throws Exception {
    Trial trial = new Trial(sample());
    String whole = pkt("shallow-info\n") + pkt("shallow " + Pushes.TWO) + "0001" + BEGIN + PACK;
    trial.link.script("a", silent(2, answers(200, whole)));
    var client = RememberingClient.sending(fetch(pkt("deepen 1\n") + pkt("done\n")));
    trial.answer(client);
    assertThat(client.ahead()).isEmpty();
    assertThat(client.received()).contains(whole);
  }

  @Test
  void what_one_node_lacks_comes_from_another_unseen() throws Exception {
    Trial trial = new Trial(sample().nodes("a", "b", "c"));
    trial.link.script("a", silent(1, answers(200, pkt("ERR " + NO + "\n"))));
    trial.link.script("b", silent(1, breaks()));
    trial.link.script("c", answers(200, BEGIN + PACK));
    RememberingClient client = cloning();
    trial.answer(client);
    assertThat(trial.link.called()).containsExactly("a", "b", "c");
    assertThat(client.ahead()).isEqualTo(BEGIN + FRAME + FRAME);
    assertThat(client.received()).contains(PACK);
  }

  @Test
  void what_nobody_has_is_said_in_the_nodes_words_on_the_band_for_errors() throws Exception {
    Trial trial = new Trial(sample());
    trial.link.script("a", silent(1, answers(200, pkt("ERR " + NO + "\n"))));
    RememberingClient client = cloning();
    trial.answer(client);
    assertThat(client.received()).contains(pkt("\3" + NO + "\n"));
  }

  @Test
  void a_status_that_can_no_longer_be_told_becomes_a_refusal() throws Exception {
    Trial trial = new Trial(sample());
    trial.link.script("a", silent(1, answers(500, "oops")));
    RememberingClient client = cloning();
    Refused refused = trial.refused(client);
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_FAILED);
    assertThat(refused.refusal().rule()).contains("status 500");
    assertThat(client.received()).isEmpty();
    assertThat(trial.link.allClosed()).isTrue();
  }

  @Test
  void an_answer_that_begins_with_something_else_is_not_handed_on() throws Exception {
    for (String other : new String[] {"0000", pkt("acknowledgments\n"), "PACKxxxx", ""}) {
      Trial trial = new Trial(sample());
      trial.link.script("a", silent(1, answers(200, other)));
      RememberingClient client = cloning();
      Refused refused = trial.refused(client);
      assertThat(refused.refusal().kind()).as(other).isEqualTo(Kind.NODE_FAILED);
      assertThat(client.received()).as(other).isEmpty();
      assertThat(trial.link.allClosed()).isTrue();
    }
  }

  @Test
  void an_answer_that_breaks_off_in_its_first_words_counts_against_the_node() throws Exception {
    Trial trial = new Trial(sample());
    trial.link.script("a", silent(1, breaksAfter("000dpack")));
    for (int i = 0; i < 3; i++) {
      Refused refused = trial.refused(cloning());
      assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_FAILED);
    }
    assertThat(trial.down("a")).isTrue();
  }

  @Test
  void who_was_once_told_that_the_node_is_shallow_is_not_told_too_early_again() throws Exception {
    Trial trial = new Trial(sample());
    String whole = pkt("shallow-info\n") + pkt("shallow " + Pushes.TWO) + "0001" + BEGIN + PACK;
    trial.link.script("a", silent(1, answers(200, whole)));
    trial.refused(cloning());
    RememberingClient again = cloning();
    trial.answer(again);
    assertThat(again.ahead()).isEmpty();
    assertThat(again.received()).contains(whole);
  }

  @Test
  void a_client_that_has_left_ends_the_wait() {
    Trial trial = new Trial(sample().nodes("a", "b"));
    trial.link.script("a", silent(1, answers(200, BEGIN + PACK)));
    trial.link.script("b", silent(1, answers(200, BEGIN + PACK)));
    assertThatThrownBy(() -> trial.answer(cloning().leaving())).isInstanceOf(ClientGone.class);
    assertThat(trial.link.calls()).hasSize(1);
  }

  // after a 200 nobody can be asked for a password
  @Test
  void where_nodes_say_who_may_read_it_is_told_nothing_before_one_has() throws Exception {
    var basic = new Credential.Basic("al", "secret", "Basic YWw6c2VjcmV0");
    Trial trial = new Trial(Sample.fetch().credential(basic).nodes("a"));
    trial.link.script(
        "a",
        silent(1, answers(200, BEGIN + PACK)),
        answers(401, ""),
        silent(1, answers(200, BEGIN + PACK)),
        answers(200, "0000"),
        silent(1, answers(200, BEGIN + PACK)));
    String list = pkt("command=ls-refs\n") + "0000";
    assertThat(told(trial)).isEmpty();
    trial.answer(RememberingClient.sending(list));
    assertThat(told(trial)).isEmpty();
    trial.answer(RememberingClient.sending(list));
    assertThat(told(trial)).isEqualTo(BEGIN + FRAME);
  }

  private static String told(Trial trial) throws Exception {
    RememberingClient client = cloning();
    trial.answer(client);
    return client.ahead();
  }

  @Test
  void translated_answers_go_on_behind_what_it_was_told() throws Exception {
    String v0 =
        pkt("# service=git-upload-pack\n")
            + "0000"
            + pkt(Pushes.ONE + " HEAD\0multi_ack_detailed side-band-64k shallow\n")
            + "0000";
    Trial trial = new Trial(sample().offeringV2());
    trial.link.script(
        "a",
        answers(200, v0),
        silent(2, answers(200, pkt("NAK\n") + PACK)),
        silent(1, answers(200, pkt("ERR " + NO + "\n"))),
        silent(1, answers(200, pkt("NAK\n") + PACK)));
    RememberingClient client = cloning();
    trial.answer(client);
    assertThat(client.ahead()).isEqualTo(BEGIN + FRAME + FRAME);
    assertThat(client.received()).contains(PACK);
    RememberingClient told = cloning();
    trial.answer(told);
    assertThat(told.received()).contains(pkt("\3" + NO + "\n"));
    var framed = RememberingClient.sending(fetch(pkt("sideband-all\n") + pkt("done\n")));
    trial.answer(framed);
    assertThat(framed.ahead()).isEqualTo(FRAME);
    assertThat(framed.received()).contains(pkt("\1packfile\n") + PACK);
  }

  @Test
  void a_translated_clone_of_a_shallow_node_is_told_of_that_first() throws Exception {
    String v0 =
        pkt("# service=git-upload-pack\n")
            + "0000"
            + pkt(Pushes.ONE + " HEAD\0multi_ack_detailed side-band-64k shallow\n")
            + pkt("shallow " + Pushes.TWO)
            + "0000";
    Trial trial = new Trial(sample().offeringV2());
    trial.link.script("a", answers(200, v0), silent(2, answers(200, pkt("NAK\n") + PACK)));
    RememberingClient client = cloning();
    trial.answer(client);
    assertThat(client.ahead()).isEmpty();
    assertThat(client.received().orElseThrow()).startsWith(pkt("shallow-info\n"));
  }
}
