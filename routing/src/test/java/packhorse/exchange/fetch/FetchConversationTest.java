package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import java.util.List;
import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.Interruption;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingConversationClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.placement.Storage;
import packhorse.request.GitRequest.Step;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;

/// Fetches over SSH, which have several requests to nodes and one record.
final class FetchConversationTest {
  private static final String LIST = pkt(Pushes.ID_1 + " refs/heads/main\0 ofs-delta\n") + "0000";

  private static final String SERVICE = pkt("# service=git-upload-pack\n") + "0000";

  private static ExchangeScene ofSingleNode() {
    return new ExchangeScene(RequestFixture.fetch().nodes("a").step(Step.CONVERSATION));
  }

  private static RecordingConversationClient client(String input) {
    return new RecordingConversationClient(ByteString.of(input).newInputStream());
  }

  @Test
  void a_node_that_breaks_off_in_the_head_of_a_response_is_named_and_has_failed_once()
      throws Exception {
    String want = pkt("want " + Pushes.ID_1 + "\n");
    String shallow = want + pkt("deepen 1\n");
    for (String fetch : List.of("", want + "0000" + pkt("done\n"), shallow + "0000")) {
      ExchangeScene scene = ofSingleNode();
      scene.failProbe("a");
      for (int failures = 0; failures < 3; failures++) {
        assertThat(scene.isDown("a")).isFalse();
        ScriptedLink.Step list =
            fetch.isEmpty() ? truncatesAfter(SERVICE) : responds(200, SERVICE + LIST);
        scene.link.script("a", list, truncatesAfter("00"));
        Answer answer = scene.answer(client(fetch));
        Interruption interruption = answer.interruption().orElseThrow();
        assertThat(interruption.isTruncation()).isTrue();
        assertThat(interruption.message().orElseThrow())
            .hasMessage("the node a failed in the middle of its response");
        assertThat(answer.node().name()).isEqualTo("a");
      }
      assertThat(scene.isDown("a")).isTrue();
    }
  }

  @Test
  void a_node_that_sends_no_pack_or_no_response_at_all_is_named_and_has_failed_once()
      throws Exception {
    String fetch = pkt("want " + Pushes.ID_1 + "\n") + "0000" + pkt("done\n");
    String capabilities = pkt("version 2\n") + pkt("ls-refs\n") + pkt("fetch\n") + "0000";
    requireOneFailure(SERVICE + LIST, fetch, "", "pack");
    requireOneFailure(SERVICE + LIST, fetch, pkt("NAK\n"), "pack");
    requireOneFailure(capabilities, pkt("command=object-info\n") + "0000", "", "response");
  }

  private static void requireOneFailure(String list, String input, String body, String due)
      throws Exception {
    ExchangeScene scene = ofSingleNode();
    scene.failProbe("a");
    for (int failures = 0; failures < 3; failures++) {
      assertThat(scene.isDown("a")).isFalse();
      scene.link.script("a", responds(200, list), responds(200, body));
      Answer answer = scene.answer(client(input));
      Interruption interruption = answer.interruption().orElseThrow();
      assertThat(interruption.isTruncation()).isTrue();
      assertThat(interruption.message().orElseThrow()).hasMessage("the node a sent no " + due);
      assertThat(answer.node().name()).isEqualTo("a");
    }
    assertThat(scene.isDown("a")).isTrue();
  }

  @Test
  void a_node_that_breaks_off_after_the_list_of_another_is_the_one_that_is_named()
      throws Exception {
    RequestFixture fixture =
        RequestFixture.fetch().offeringV2().step(Step.CONVERSATION).nodes("a", "b");
    ExchangeScene scene = new ExchangeScene(fixture);
    String list =
        SERVICE
            + pkt(Pushes.ID_1 + " HEAD\0multi_ack_detailed side-band-64k\n")
            + pkt(Pushes.ID_1 + " refs/heads/main\n")
            + "0000";
    scene.link.script("a", responds(200, list), truncatesAfter("00"));
    scene.link.script("b", truncatesAfter("00"));
    String fetch =
        pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ID_1 + "\n") + pkt("done\n");
    try {
      Answer answer = scene.answer(client(fetch + "0000"));
      throw new AssertionError("not refused: " + answer);
    } catch (RefusalException refused) {
      assertThat(refused.refusal().detail()).isEqualTo("node \"b\": cut off");
    }
  }

  @Test
  void the_record_of_a_fetch_says_that_its_list_may_be_old() throws Exception {
    RequestFixture fixture =
        RequestFixture.fetch().storage(Storage.REPLICATED, "a", "b").step(Step.CONVERSATION);
    ExchangeScene scene = new ExchangeScene(fixture);
    scene.link.script("a", refusesConnection());
    scene.link.script(
        "b",
        responds(200, pkt("version 2\n") + pkt("ls-refs\n") + pkt("fetch\n") + "0000"),
        responds(200, pkt(Pushes.ID_1 + " refs/heads/main\n") + "0000"),
        responds(200, pkt("packfile\n") + pkt("\1PACK") + "0000"));
    String fetch =
        pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ID_1 + "\n") + pkt("done\n");
    String commands = pkt("command=ls-refs\n") + "0000" + fetch + "0000";
    var client = new RecordingConversationClient(ByteString.of(commands).newInputStream());
    Answer answer = scene.answer(client);
    assertThat(client.exitStatus()).hasValue(0);
    assertThat(answer.listAge()).isEqualTo(AnswerResult.ListAge.OF_REPLICA);
  }
}
