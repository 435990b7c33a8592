package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.answers;

import java.util.List;
import org.junit.jupiter.api.Test;
import packhorse.kit.Pushes;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.kit.ScriptedLink;
import packhorse.node.NodeCall;
import packhorse.placement.Storage;
import packhorse.request.GitRequest.Step;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.Tips;

/// Questions to upload-pack over HTTP.
final class FetchExchangeTest {
  private static final ObjectId ONE = new ObjectId(Pushes.ONE);
  private static final String LS_REFS = pkt("command=ls-refs\n") + "0000";
  private static final String FETCH =
      pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ONE + "\n") + pkt("done\n") + "0000";
  private static final String LISTED = pkt(Pushes.ONE + " refs/heads/main\n") + "0000";
  private static final String NOT_OUR_REF =
      pkt("ERR upload-pack: not our ref " + Pushes.ONE + "\n");

  private static Trial replicated() {
    return new Trial(Sample.fetch().storage(Storage.REPLICATED, "a", "b", "c"));
  }

  private static RememberingClient client(String body) {
    return RememberingClient.sending(body);
  }

  @Test
  void the_node_hears_the_question_as_it_came_with_its_length() throws Exception {
    Trial trial = new Trial(Sample.fetch());
    trial.link.script("a", answers(200, "0000")).script("b", answers(200, "0000"));
    trial.answer(client(FETCH));
    ScriptedLink.Call call = trial.link.calls().getFirst();
    assertThat(call.body()).isEqualTo(FETCH);
    assertThat(call.call().body()).isInstanceOf(NodeCall.Whole.class);
    assertThat(call.call().target()).isEqualTo("/acme/app/git-upload-pack");
  }

  // git names its agent before bundle-uri
  @Test
  void a_command_of_v2_need_not_come_first() throws Exception {
    Trial trial = new Trial(Sample.fetch());
    trial.link.script("a", answers(200, "0000")).script("b", answers(200, "0000"));
    String question = pkt("agent=git/2.55") + pkt("command=bundle-uri\n") + "0000";
    trial.answer(client(question));
    assertThat(trial.link.calls().getFirst().body()).isEqualTo(question);
  }

  @Test
  void refs_are_listed_by_the_primary_and_packs_come_from_everybody() throws Exception {
    Trial trial = replicated();
    for (String node : List.of("a", "b", "c")) trial.link.script(node, answers(200, LISTED));
    for (int i = 0; i < 5; i++) trial.answer(client(LS_REFS));
    assertThat(trial.link.called()).containsOnly("a");
    for (int i = 0; i < 6; i++) trial.answer(client(FETCH));
    assertThat(trial.link.called()).contains("b", "c");
  }

  @Test
  void a_fetch_of_what_replicas_lack_is_asked_elsewhere_unseen_and_the_primary_last()
      throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(200, "0008NAK\n"));
    trial.link.script("b", answers(200, NOT_OUR_REF)).script("c", answers(200, NOT_OUR_REF));
    for (int i = 0; i < 6; i++) {
      RememberingClient client = client(FETCH);
      assertThat(trial.answer(client).node().name()).isEqualTo("a");
      assertThat(client.received()).contains("0008NAK\n");
    }
    // whoever lacked it is not asked first again so soon
    assertThat(trial.link.called().stream().filter(node -> !node.equals("a"))).hasSize(2);
  }

  @Test
  void a_fetch_that_names_refs_goes_to_the_primary() throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(200, "0000"));
    String byName =
        pkt("command=fetch\n")
            + "0001"
            + pkt("want-ref refs/heads/main\n")
            + pkt("done\n")
            + "0000";
    for (int i = 0; i < 3; i++) trial.answer(client(byName));
    assertThat(trial.link.called()).containsOnly("a");
  }

  @Test
  void without_a_primary_whoever_shows_what_was_shown_lists_the_refs() throws Exception {
    Trial trial = replicated();
    String other = pkt("2".repeat(40) + " refs/heads/main\0 ofs-delta\n") + "0000";
    String same = pkt(Pushes.ONE + " refs/heads/main\0 ofs-delta\n") + "0000";
    trial.link.script("a", answers(200, LISTED)).script("b", answers(200, other));
    trial.link.script("c", answers(200, same));
    trial.answer(client(LS_REFS));
    for (int i = 0; i < 3; i++) trial.nodes.health(Sample.node("a")).failed("down");
    for (int i = 0; i < 4; i++) {
      Answer answer = trial.answer(client(LS_REFS));
      assertThat(answer.node().name()).isEqualTo("c");
      assertThat(answer.route().describe()).contains("the primary is down");
    }
  }

  @Test
  void a_fetch_of_what_nobody_has_is_told_so_in_the_nodes_words() throws Exception {
    Trial trial = replicated();
    for (String node : List.of("a", "b", "c")) trial.link.script(node, answers(200, NOT_OUR_REF));
    RememberingClient client = client(FETCH);
    trial.answer(client);
    assertThat(client.received()).contains(NOT_OUR_REF);
  }

  // a node that speaks only v0 answers a v2 client with its refs
  @Test
  void refs_are_remembered_in_whatever_version_they_were_listed() throws Exception {
    Sample listing =
        Sample.fetch().storage(Storage.REPLICATED, "a", "b", "c").step(Step.ADVERTISEMENT);
    Trial trial = new Trial(listing);
    String v0 =
        pkt("# service=git-upload-pack\n")
            + "0000"
            + pkt(Pushes.ONE + " HEAD\0 ofs-delta\n")
            + "0000";
    trial.link.script("a", answers(200, v0));
    trial.answer(client(""));
    assertThat(trial.tips.older(trial.permit(), Tips.NONE)).isTrue();
    String v2 = pkt("version 2\n") + pkt("ls-refs=unborn\n") + "0000";
    trial.link.script("a", answers(200, v2));
    trial.answer(client(""));
    assertThat(trial.tips.older(trial.permit(), Tips.NONE)).isTrue();
    assertThat(trial.tips.older(trial.permit(), Tips.of(List.of(ONE)))).isFalse();
  }

  @Test
  void what_is_no_request_of_gits_reaches_no_node() throws Exception {
    for (String body : List.of("hello", "0003", "fff1x", "0032want 123\n0000", "00zz")) {
      Trial trial = new Trial(Sample.fetch());
      Refused refused = trial.refused(client(body));
      assertThat(refused.refusal().kind()).as(body).isEqualTo(Kind.MALFORMED);
      assertThat(trial.link.calls()).isEmpty();
    }
  }

  @Test
  void a_request_larger_than_git_takes_reaches_no_node() throws Exception {
    Trial trial = new Trial(Sample.fetch());
    Refused refused = trial.refused(client("0".repeat((10 << 20) + 1)));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(trial.link.calls()).isEmpty();
  }

  @Test
  void commands_that_we_do_not_know_go_through_unread() throws Exception {
    String unknown = pkt("command=object-info\n") + "0001" + pkt("size\n") + "0000";
    Trial trial = new Trial(Sample.fetch());
    trial.link.script("a", answers(200, "0000")).script("b", answers(200, "0000"));
    trial.answer(client(unknown));
    assertThat(trial.link.calls().getFirst().body()).isEqualTo(unknown);
  }

  @Test
  void two_hundred_clones_with_three_requests_each_spread_their_packs() throws Exception {
    Trial trial = new Trial(Sample.fetch().storage(Storage.SHARED, "a", "b", "c"));
    for (String node : List.of("a", "b", "c")) trial.link.script(node, answers(200, "0000"));
    for (int i = 0; i < 200; i++) {
      trial.answer(client(LS_REFS));
      trial.answer(client(LS_REFS));
      trial.answer(client(FETCH));
    }
    for (String node : List.of("a", "b", "c")) {
      long packs =
          trial.link.calls().stream()
              .filter(call -> call.node().equals(node) && call.body().equals(FETCH))
              .count();
      assertThat(packs).isBetween(64L, 70L);
    }
  }

  @Test
  void an_archive_is_routed_as_a_read() throws Exception {
    Trial trial =
        new Trial(Sample.fetch().service(Service.UPLOAD_ARCHIVE).version(ProtocolVersion.V0));
    trial.link.script("a", answers(200, "0008ACK\n")).script("b", answers(200, "0008ACK\n"));
    trial.answer(client(pkt("argument HEAD\n") + "0000"));
    assertThat(trial.link.calls().getFirst().call().target())
        .isEqualTo("/acme/app/git-upload-archive");
  }
}
