package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoPlayTest {
  @TempDir Path folder;
  private final NodeLog nodes = new NodeLog(answer -> {});
  private final StringWriter out = new StringWriter();
  private DemoPlay play;

  @BeforeEach
  void start() throws Exception {
    play = new DemoPlay(DemoShell.write(folder.toRealPath()), nodes, new PrintWriter(out));
  }

  @Test
  void a_step_that_shows_what_it_should_is_ok() throws Exception {
    assertThat(play.play(List.of(step("echo hello", DemoStep.ends(0).and(DemoStep.says("hello"))))))
        .isTrue();
    assertThat(out.toString()).contains("$ echo hello", "     hello", "ok: something");
  }

  @Test
  void a_step_that_does_not_is_told_and_the_others_are_played() throws Exception {
    assertThat(
            play.play(
                List.of(
                    step("false", DemoStep.ends(0)),
                    step("true", DemoStep.node(NodeAnswer.Work.FETCH)),
                    step("true", DemoStep.ends(0)))))
        .isFalse();
    assertThat(out.toString())
        .contains(
            "FAILED: the command ended with 1, not 0",
            "FAILED: no node answered a fetch",
            "1 of 3 steps showed what they should.");
  }

  @Test
  void the_decision_of_a_refusal_is_put_into_the_step_after_it() throws Exception {
    play.play(
        List.of(
            step("echo 'main is not yours (decision 7f3a)'", DemoStep.ends(0)),
            step("echo explain ID", DemoStep.says("explain 7f3a"))));
    assertThat(out.toString()).contains("2 of 2 steps");
  }

  @Test
  void two_nodes_must_answer_where_a_step_says_another_one() {
    var one = new NodeAnswer("node-1", NodeAnswer.Work.FETCH, "acme/app");
    var two = new NodeAnswer("node-2", NodeAnswer.Work.FETCH, "acme/app");
    var ran = new DemoShell.Ran(0, "");
    DemoStep.Check check = DemoStep.anotherNode();
    assertThat(check.problem(new DemoStep.Seen(ran, List.of(two), List.of(one)))).isEmpty();
    assertThat(check.problem(new DemoStep.Seen(ran, List.of(one), List.of(one)))).isPresent();
    assertThat(check.problem(new DemoStep.Seen(ran, List.of(), List.of(one)))).isPresent();
  }

  @Test
  void git_in_the_shell_knows_the_demos_settings_only() throws Exception {
    var shell = new DemoShell(folder.toRealPath());
    assertThat(shell.run("git config --list --show-origin | grep -v gitconfig").said()).isEmpty();
    assertThat(shell.run("git config user.name").said()).isEqualTo("Alice Ames\n");
  }

  private static DemoStep step(String command, DemoStep.Check check) {
    return new DemoStep("A step", command, "something", check);
  }
}
