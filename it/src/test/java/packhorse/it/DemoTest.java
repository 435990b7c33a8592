package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.RunningCommand;

/// `packhorse demo` of the built distribution, with the `git` and `ssh` of this machine.
final class DemoTest {
  private static final Path PACKHORSE =
      Path.of("../deploy/target/packhorse/bin/packhorse").toAbsolutePath().normalize();

  @TempDir Path home;
  @TempDir Path temporary;

  @Test
  void play_shows_each_step_and_leaves_nothing_behind() throws IOException {
    CommandResult result = demo("--play").run().expectSuccess();
    assertThat(result.stdout())
        .contains(
            "public-url: ",
            "> node-1 served a fetch of acme/app",
            "> node-2 served a fetch of acme/app",
            "> node-3 served a fetch of acme/site",
            "! [remote rejected] main -> main (main is changed by merge only (decision ",
            "user             bob by password",
            "7 of 7 steps succeeded.");
    assertThat(result.stderr().replaceAll("(?m)^Picked up JAVA_TOOL_OPTIONS.*\n", "")).isEmpty();
    assertThat(home).isEmptyDirectory();
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void printed_steps_work_in_a_shell_and_an_interrupt_deletes_the_folder() throws Exception {
    try (RunningCommand demo = demo().start()) {
      Await.until(
          "the steps are printed",
          Duration.ofSeconds(30),
          () -> demo.outputSoFar().contains("Ctrl-C"));
      String output = demo.outputSoFar();
      String env =
          output.lines().filter(line -> line.startsWith("    . ")).findFirst().orElseThrow();
      String clone =
          output
              .lines()
              .filter(line -> line.startsWith("    (git clone"))
              .findFirst()
              .orElseThrow();
      Command.of(home, "sh", "-c", env + "\n" + clone)
          .env("HOME", home.toString())
          .run()
          .expectSuccess();
      assertThat(demo.outputSoFar()).contains("node-1 served a fetch of acme/app");
      demo.signal("INT");
      assertThat(demo.waitFor().exitStatus()).isEqualTo(130);
    }
    assertThat(home).isEmptyDirectory();
    assertThat(temporary).isEmptyDirectory();
  }

  private Command demo(String... arguments) {
    String[] argv = new String[arguments.length + 2];
    argv[0] = PACKHORSE.toString();
    argv[1] = "demo";
    System.arraycopy(arguments, 0, argv, 2, arguments.length);
    return Command.of(home, argv)
        .env("HOME", home.toString())
        .env("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
  }
}
