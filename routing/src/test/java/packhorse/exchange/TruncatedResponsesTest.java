package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import org.junit.jupiter.api.Test;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Interruption;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;

/// The health of a node whose responses start correctly and are then truncated.
final class TruncatedResponsesTest {
  private static final String FETCH =
      pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ID_1 + "\n") + pkt("done\n") + "0000";

  private final ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());

  @Test
  void a_node_that_truncates_its_responses_goes_down_when_a_probe_fails_too() throws Exception {
    scene.failProbe("a");
    scene.link.script("a", truncatesAfter("000dpackfile\n")).script("b", responds(200, "0000"));
    int truncated = 0;
    for (int i = 0; i < 20; i++) truncated += isTruncated() ? 1 : 0;
    assertThat(truncated).isEqualTo(3);
    assertThat(scene.isDown("a")).isTrue();
    assertThat(scene.isDown("b")).isFalse();
  }

  @Test
  void a_complete_response_resets_the_count_of_truncated_ones() throws Exception {
    scene
        .link
        .script(
            "a",
            truncatesAfter("000dpackfile\n"),
            truncatesAfter("000dpackfile\n"),
            responds(200, "0000"),
            truncatesAfter("000dpackfile\n"),
            truncatesAfter("000dpackfile\n"),
            responds(200, "0000"))
        .script("b", responds(200, "0000"));
    for (int i = 0; i < 12; i++) isTruncated();
    assertThat(scene.link.requestedNodes()).filteredOn("a"::equals).hasSize(6);
    assertThat(scene.isDown("a")).isFalse();
  }

  private boolean isTruncated() throws Exception {
    Answer answer = scene.answer(RecordingClient.withBody(FETCH));
    return answer.interruption().filter(Interruption::isTruncation).isPresent();
  }
}
