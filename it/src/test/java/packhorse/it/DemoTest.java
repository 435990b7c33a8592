package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Await;
import packhorse.it.kit.Command;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Started;

/// `packhorse demo` of the built distribution, with the git and the ssh of this machine.
final class DemoTest {
  private static final Path PACKHORSE =
      Path.of("../deploy/target/packhorse/bin/packhorse").toAbsolutePath().normalize();

  @TempDir Path home;
  @TempDir Path temporary;

  @Test
  void played_it_shows_each_step_and_leaves_nothing_behind() throws IOException {
    Ran ran = demo("--play").run().expectSuccess();
    assertThat(ran.stdout())
        .contains(
            "public-url: ",
            "> node-1 answered a fetch of acme/app",
            "> node-2 answered a fetch of acme/app",
            "> node-3 answered a fetch of acme/site",
            "! [remote rejected] main -> main (main is changed by merge only (decision ",
            "who       bob by password",
            "7 of 7 steps showed what they should.");
    assertThat(ran.stderr().replaceAll("(?m)^Picked up JAVA_TOOL_OPTIONS.*\n", "")).isEmpty();
    assertThat(home).isEmptyDirectory();
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void printed_its_steps_work_when_pasted_and_an_interrupt_deletes_its_folder() throws Exception {
    try (Started demo = demo().start()) {
      Await.until("the steps", Duration.ofSeconds(30), () -> demo.outputSoFar().contains("Ctrl-C"));
      String said = demo.outputSoFar();
      String env = said.lines().filter(line -> line.startsWith("    . ")).findFirst().orElseThrow();
      String clone =
          said.lines().filter(line -> line.startsWith("    (git clone")).findFirst().orElseThrow();
      Command.of(home, "sh", "-c", env + "\n" + clone)
          .env("HOME", home.toString())
          .run()
          .expectSuccess();
      assertThat(demo.outputSoFar()).contains("node-1 answered a fetch of acme/app");
      demo.signal("INT");
      assertThat(demo.finish().exit()).isEqualTo(130);
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
