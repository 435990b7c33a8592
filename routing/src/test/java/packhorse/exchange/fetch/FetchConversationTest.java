package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.responds;

import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingConversationClient;
import packhorse.kit.RequestFixture;
import packhorse.placement.Storage;
import packhorse.request.GitRequest.Step;
import packhorse.wire.ByteString;

/// Fetches over SSH, which have several requests to nodes and one record.
final class FetchConversationTest {
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
