package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plays steps, and runs commands in the shell of the demo.
final class DemoPlayerTest {
  @TempDir Path folder;
  private final NodeEventLog log = new NodeEventLog(event -> {});
  private final StringWriter out = new StringWriter();
  private DemoPlayer player;

  @BeforeEach
  void start() throws Exception {
    player = new DemoPlayer(DemoShell.write(folder.toRealPath()), log, new PrintWriter(out));
  }

  @Test
  void a_step_that_does_what_is_expected_succeeds() throws Exception {
    assertThat(
            player.play(
                List.of(step("echo hello", DemoStep.exitsWith(0).and(DemoStep.prints("hello"))))))
        .isTrue();
    assertThat(out.toString()).contains("$ echo hello", "     hello", "ok: something");
  }

  @Test
  void failed_steps_are_reported_and_the_others_are_played() throws Exception {
    assertThat(
            player.play(
                List.of(
                    step("false", DemoStep.exitsWith(0)),
                    step("true", DemoStep.nodeServes(NodeEvent.Type.FETCH)),
                    step("true", DemoStep.exitsWith(0)))))
        .isFalse();
    assertThat(out.toString())
        .contains(
            "FAILED: the command exited with 1, not 0",
            "FAILED: no node served a fetch",
            "1 of 3 steps succeeded.");
  }

  @Test
  void the_decision_id_of_a_refusal_is_put_into_the_next_step() throws Exception {
    player.play(
        List.of(
            step("echo 'main is not yours (decision 7f3a)'", DemoStep.exitsWith(0)),
            step("echo explain ID", DemoStep.prints("explain 7f3a"))));
    assertThat(out.toString()).contains("2 of 2 steps");
  }

  @Test
  void another_node_must_serve_where_a_step_expects_it() {
    var one = new NodeEvent("node-1", NodeEvent.Type.FETCH, "acme/app");
    var two = new NodeEvent("node-2", NodeEvent.Type.FETCH, "acme/app");
    var result = new DemoShell.CommandResult(0, "");
    DemoStep.Check check = DemoStep.anotherNodeServes();
    assertThat(check.problem(new DemoStep.Observation(result, List.of(two), List.of(one))))
        .isEmpty();
    assertThat(check.problem(new DemoStep.Observation(result, List.of(one), List.of(one))))
        .isPresent();
    assertThat(check.problem(new DemoStep.Observation(result, List.of(), List.of(one))))
        .isPresent();
  }

  @Test
  void git_in_the_shell_has_only_the_settings_of_the_demo() throws Exception {
    var shell = new DemoShell(folder.toRealPath());
    assertThat(shell.run("git config --list --show-origin | grep -v gitconfig").output()).isEmpty();
    assertThat(shell.run("git config user.name").output()).isEqualTo("Alice Ames\n");
  }

  private static DemoStep step(String command, DemoStep.Check check) {
    return new DemoStep("A step", command, "something", check);
  }
}
