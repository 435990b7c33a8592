package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.tips.ShownList;
import packhorse.placement.Storage;
import packhorse.request.GitRequest.Step;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;
import packhorse.wire.refs.RefTips;

/// HTTP clients that use v2, with a pool that offers v2 for nodes that support only v0.
final class V2TranslationTest {
  private static final String ID = Pushes.ID_1;
  private static final String V0_ADVERTISEMENT =
      pkt("# service=git-upload-pack\n")
          + "0000"
          + pkt(ID + " HEAD\0multi_ack_detailed side-band-64k symref=HEAD:refs/heads/main\n")
          + pkt(ID + " refs/heads/main\n")
          + "0000";
  private static final String LS_REFS =
      pkt("command=ls-refs\n") + "0001" + pkt("symrefs\n") + pkt("ref-prefix HEAD\n") + "0000";
  private static final String WANT = pkt("want " + ID + "\n");
  private static final String HAVE = pkt("have " + "2".repeat(40) + "\n");
  private static final String READY =
      pkt("ACK " + "2".repeat(40) + " common\n") + pkt("ACK " + ID + " ready\n") + pkt("NAK\n");
  private static final String PACK = pkt("\1PACK...") + "0000";

  private static RequestFixture v2() {
    return RequestFixture.fetch().offeringV2();
  }

  private static RecordingClient client(String body) {
    return RecordingClient.withBody(body);
  }

  private static String fetch(String arguments) {
    return pkt("command=fetch\n") + "0001" + arguments + "0000";
  }

  @Test
  void the_node_receives_a_v0_request_and_the_client_a_v2_capability_advertisement()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().step(Step.ADVERTISEMENT));
    scene
        .link
        .script("a", responds(200, V0_ADVERTISEMENT))
        .script("b", responds(200, V0_ADVERTISEMENT));
    RecordingClient client = client("");
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow())
        .startsWith(pkt("version 2\n"))
        .contains("ls-refs")
        .endsWith("0000");
    assertThat(scene.link.requests().getFirst().request().headers().firstValue("Git-Protocol"))
        .isEmpty();
    assertThat(client.headers().firstValue("Content-Length"))
        .contains(Integer.toString(client.receivedBody().orElseThrow().length()));
  }

  @Test
  void an_ls_refs_result_is_translated_from_a_new_advertisement() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2());
    scene
        .link
        .script("a", responds(200, V0_ADVERTISEMENT))
        .script("b", responds(200, V0_ADVERTISEMENT));
    RecordingClient client = client(LS_REFS);
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow())
        .isEqualTo(pkt(ID + " HEAD symref-target:refs/heads/main\n") + "0000");
    assertThat(scene.link.requests().getFirst().request().target())
        .isEqualTo("/acme/app/info/refs?service=git-upload-pack");
    assertThat(client.headers().allValues("Content-Type"))
        .containsExactly("application/x-git-upload-pack-result");
  }

  @Test
  void the_tips_of_a_translated_ls_refs_result_are_recorded_where_nodes_can_differ()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().storage(Storage.REPLICATED, "a", "b"));
    String branches = pkt("command=ls-refs\n") + "0001" + pkt("ref-prefix refs/heads/\n") + "0000";
    RefTips tag = new RefTips.Builder().add("refs/tags/v1", new ObjectId(ID)).build();
    RefTips main = new RefTips.Builder().add("refs/heads/main", new ObjectId(ID)).build();
    scene.tips.record(scene.asker(), new ShownList(tag, scene.tips.nextOrder(), true, true));
    scene.link.script("a", responds(200, V0_ADVERTISEMENT));
    scene.answer(client(branches));
    assertThat(scene.tips.staleness(scene.asker(), tag).isStale()).isTrue();
    // A list of branches says nothing about tags.
    assertThat(scene.tips.staleness(scene.asker(), main).isStale()).isTrue();
  }

  @Test
  void a_node_that_breaks_off_in_its_list_or_sends_none_is_replaced_by_another() throws Exception {
    String list = V0_ADVERTISEMENT.substring(0, V0_ADVERTISEMENT.length() - 10);
    for (ScriptedLink.Step broken :
        List.of(truncatesAfter(list), responds(200, list), responds(200, ""))) {
      for (Step step : List.of(Step.ADVERTISEMENT, Step.EXCHANGE)) {
        ExchangeScene scene = new ExchangeScene(v2().step(step));
        scene.link.script("a", broken).script("b", responds(200, V0_ADVERTISEMENT));
        for (int i = 0; i < 2; i++) {
          RecordingClient client = client(step == Step.ADVERTISEMENT ? "" : LS_REFS);
          Answer answer = scene.answer(client);
          assertThat(answer.node().name()).isEqualTo("b");
          assertThat(answer.interruption()).isEmpty();
          assertThat(client.status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void a_node_that_breaks_off_without_another_is_named_and_has_failed_once() throws Exception {
    for (String body : List.of(LS_REFS, fetch(WANT + pkt("done\n")))) {
      ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
      scene.failProbe("a");
      ScriptedLink.Step list =
          body.equals(LS_REFS) ? truncatesAfter("00") : responds(200, V0_ADVERTISEMENT);
      scene.link.script("a", list, truncatesAfter("00"));
      for (int failures = 0; failures < 3; failures++) {
        assertThat(scene.isDown("a")).isFalse();
        RefusalException refused = scene.refusal(client(body));
        assertThat(refused).hasMessage("the node a failed in the middle of its response");
        assertThat(refused.refusal().detail()).isEqualTo("node \"a\": cut off");
      }
      assertThat(scene.isDown("a")).isTrue();
    }
  }

  @Test
  void a_node_that_sends_no_pack_without_another_has_failed_once() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
    scene.failProbe("a");
    scene.link.script("a", responds(200, V0_ADVERTISEMENT), responds(200, pkt("NAK\n")));
    for (int failures = 0; failures < 3; failures++) {
      assertThat(scene.isDown("a")).isFalse();
      RefusalException refused = scene.refusal(client(fetch(WANT + pkt("done\n"))));
      assertThat(refused).hasMessage("the node sent no pack");
    }
    assertThat(scene.isDown("a")).isTrue();
  }

  @Test
  void a_node_that_breaks_off_before_its_pack_is_replaced_by_another() throws Exception {
    for (ScriptedLink.Step broken :
        List.of(truncatesAfter("00"), responds(200, "0008"), responds(200, pkt("NAK\n")))) {
      ExchangeScene scene = new ExchangeScene(v2());
      scene.link.script("a", responds(200, V0_ADVERTISEMENT), broken);
      scene.link.script("b", responds(200, pkt("NAK\n") + PACK));
      RecordingClient client = client(fetch(WANT + pkt("done\n")));
      Answer answer = scene.answer(client);
      assertThat(answer.node().name()).isEqualTo("b");
      assertThat(answer.failures()).hasSize(1);
      assertThat(client.receivedBody()).contains(pkt("packfile\n") + PACK);
    }
  }

  @Test
  void a_fetch_without_a_remembered_advertisement_passes_the_refusal_of_the_node()
      throws Exception {
    for (int status : List.of(401, 403, 404)) {
      ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
      scene.link.script("a", responds(status, "no", "WWW-Authenticate: Basic realm=x"));
      RecordingClient client = client(fetch(WANT + pkt("done\n")));
      scene.answer(client);
      assertThat(client.status()).isEqualTo(status);
      assertThat(client.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @Test
  void a_fetch_is_translated_to_v0_and_its_pack_is_forwarded_unchanged() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
    scene.link.script("a", responds(200, V0_ADVERTISEMENT), responds(200, pkt("NAK\n") + PACK));
    RecordingClient client = client(fetch(WANT + pkt("done\n")));
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow()).isEqualTo(pkt("packfile\n") + PACK);
    assertThat(scene.link.requests().getLast().body())
        .isEqualTo(
            pkt("want " + ID + " multi_ack_detailed side-band-64k\n") + "0000" + pkt("done\n"));
  }

  @Test
  void a_node_that_is_ready_gets_a_second_request_with_done() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
    scene.link.script(
        "a",
        responds(200, V0_ADVERTISEMENT),
        responds(200, READY),
        responds(200, pkt("ACK " + "2".repeat(40) + "\n") + PACK));
    RecordingClient client = client(fetch(WANT + HAVE));
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow())
        .isEqualTo(
            pkt("acknowledgments\n")
                + pkt("ACK " + "2".repeat(40) + "\n")
                + pkt("ready\n")
                + "0001"
                + pkt("packfile\n")
                + PACK);
  }

  private static String haves(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> pkt("have %040x\n".formatted(i)))
        .collect(Collectors.joining());
  }

  // It is all kept in memory before the client gets any of it.
  @Test
  void a_node_may_acknowledge_every_have_but_not_many_more() throws Exception {
    String acks = pkt("ACK " + "2".repeat(40) + " common\n").repeat(100_000) + pkt("NAK\n");
    for (int haves : List.of(1, 100_000)) {
      ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
      scene.link.script("a", responds(200, V0_ADVERTISEMENT), responds(200, acks));
      RecordingClient client = client(fetch(WANT + haves(haves)));
      if (haves > 1) {
        assertThat(scene.answer(client).interruption()).isEmpty();
      } else {
        Refusal refusal = scene.refusal(client).refusal();
        assertThat(refusal.kind()).isEqualTo(Kind.NODE_FAILED);
        assertThat(refusal.detail()).contains("more than 4194");
      }
    }
  }

  @Test
  void the_record_names_the_nodes_that_failed_before_another_was_ready() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2());
    scene.link.script("a", responds(200, V0_ADVERTISEMENT), refusesConnection());
    scene.link.script(
        "b", responds(200, READY), responds(200, pkt("ACK " + "2".repeat(40) + "\n") + PACK));
    Answer answer = scene.answer(client(fetch(WANT + HAVE)));
    assertThat(answer.node().name()).isEqualTo("b");
    assertThat(answer.failures())
        .extracting(Answer.Attempt::description)
        .containsExactly("node \"a\": connection refused");
  }

  @Test
  void a_node_that_broke_off_is_not_asked_again_when_the_next_one_breaks_off_too()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(v2());
    scene.link.script("a", responds(200, V0_ADVERTISEMENT), truncatesAfter("00"));
    scene.link.script("b", responds(200, READY), truncatesAfter("00"));
    RefusalException refused = scene.refusal(client(fetch(WANT + HAVE)));
    assertThat(refused.refusal().detail()).isEqualTo("node \"b\": cut off");
    assertThat(scene.link.requestedNodes()).containsExactly("a", "a", "b", "b");
  }

  @Test
  void an_error_of_the_node_is_forwarded_unchanged() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
    String error = pkt("ERR upload-pack: not our ref " + ID);
    scene.link.script("a", responds(200, V0_ADVERTISEMENT), responds(200, error));
    RecordingClient client = client(fetch(WANT + pkt("done\n")));
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow()).isEqualTo(error);
  }

  @Test
  void a_feature_that_the_node_lacks_is_refused_before_the_fetch_is_sent() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
    scene.link.script("a", responds(200, V0_ADVERTISEMENT));
    var refused = scene.refusal(client(fetch(WANT + pkt("deepen-since 1000\n") + pkt("done\n"))));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NOT_SERVED);
    assertThat(scene.link.requests()).hasSize(1);
  }

  @Test
  void a_command_that_was_not_offered_is_refused() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2());
    var refused = scene.refusal(client(pkt("command=object-info\n") + "0000"));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.MALFORMED);
    assertThat(scene.link.requests()).isEmpty();
  }

  @Test
  void an_argument_that_was_not_offered_is_refused_like_git_does() throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().nodes("a"));
    scene.link.script("a", responds(200, V0_ADVERTISEMENT));
    var refused = scene.refusal(client(fetch(WANT + pkt("want-ref refs/heads/main\n"))));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.MALFORMED);
    assertThat(refused).hasMessageContaining("unexpected line");
    assertThat(scene.link.requests()).hasSize(1);
  }

  @Test
  void the_advertisement_of_a_node_that_cannot_be_translated_is_forwarded_unchanged()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(v2().step(Step.ADVERTISEMENT).nodes("a"));
    String untranslatable = V0_ADVERTISEMENT.replace("multi_ack_detailed", "multi_ack_careless");
    scene.link.script("a", responds(200, untranslatable), responds(200, untranslatable));
    RecordingClient client = client("");
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow()).isEqualTo(untranslatable);
  }
}
