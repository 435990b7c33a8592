package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.answers;
import static packhorse.kit.ScriptedLink.breaksAfter;

import org.junit.jupiter.api.Test;
import packhorse.kit.Pushes;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.node.NodeFailure;

/// What is thought of a node that begins its answers well.
final class BreakingOffTest {
  private static final String FETCH =
      pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ONE + "\n") + pkt("done\n") + "0000";

  private final Trial trial = new Trial(Sample.fetch());

  @Test
  void a_node_that_breaks_off_in_the_midst_of_its_answers_goes_down() throws Exception {
    trial.link.script("a", breaksAfter("000dpackfile\n")).script("b", answers(200, "0000"));
    int broken = 0;
    for (int i = 0; i < 20; i++) broken += breaksOff() ? 1 : 0;
    assertThat(broken).isEqualTo(3);
    assertThat(trial.down("a")).isTrue();
    assertThat(trial.down("b")).isFalse();
  }

  @Test
  void an_answer_that_comes_whole_makes_good_for_those_before_it() throws Exception {
    trial
        .link
        .script(
            "a",
            breaksAfter("000dpackfile\n"),
            breaksAfter("000dpackfile\n"),
            answers(200, "0000"),
            breaksAfter("000dpackfile\n"),
            breaksAfter("000dpackfile\n"),
            answers(200, "0000"))
        .script("b", answers(200, "0000"));
    for (int i = 0; i < 12; i++) breaksOff();
    assertThat(trial.link.called()).filteredOn("a"::equals).hasSize(6);
    assertThat(trial.down("a")).isFalse();
  }

  private boolean breaksOff() throws Exception {
    try {
      trial.answer(RememberingClient.sending(FETCH));
      return false;
    } catch (NodeFailure failure) {
      return true;
    }
  }
}
