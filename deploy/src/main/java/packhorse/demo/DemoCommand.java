package packhorse.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `packhorse demo`: starts everything on the loopback address, prints the configuration and the
/// steps to paste, and runs until it is interrupted; with `--play` it runs the steps itself and
/// ends.
@Command(
    name = "demo",
    description =
        "Start three nodes and Packhorse in front of them, on free ports of the loopback address,"
            + " with sample repositories and two users; print the configuration and commands to"
            + " paste. Everything is in one temporary folder, deleted at the end.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all steps showed what they should (--play)",
      "1:a step did not (--play), or the demo could not be started"
    })
public final class DemoCommand implements Callable<Integer> {
  private final DemoProxy proxy;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--play",
      description = "Run the steps instead of printing them, check each, and end.")
  private boolean play;

  /// @param proxy starts Packhorse on a configuration file
  public DemoCommand(DemoProxy proxy) {
    this.proxy = proxy;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    var log = new NodeLog(answer -> tell(out, answer));
    try (Demo demo = Demo.start(proxy, log)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(demo), "demo-end"));
      introduce(out, demo);
      List<DemoStep> steps = demo.steps(program());
      if (play) return new DemoPlay(demo.shell(), log, out).play(steps) ? 0 : 1;
      print(out, demo, steps);
      new CountDownLatch(1).await(); // an interrupt ends the JVM, and the hook the demo
      return 0;
    }
  }

  /// While steps are pasted, each answer is told as it comes; while they are played, the play
  /// tells.
  private void tell(PrintWriter out, NodeAnswer answer) {
    if (play) return;
    out.println("   > " + answer);
    out.flush();
  }

  private static void introduce(PrintWriter out, Demo demo) throws IOException {
    out.println("Packhorse runs in front of three nodes. Its configuration, to be copied:");
    out.println();
    Files.readString(demo.configuration()).lines().forEach(line -> out.println("    " + line));
    out.flush();
  }

  private static void print(PrintWriter out, Demo demo, List<DemoStep> steps) {
    out.printf(
        "%nIn another terminal, first:%n%n    %s%n%nthen, one by one:%n",
        demo.shell().firstCommand());
    int number = 1;
    for (DemoStep step : steps) {
      out.printf(
          "%n%d. %s%n    (%s)%n   See: %s%n", number++, step.title(), step.command(), step.see());
    }
    out.printf("%nMeters: http://127.0.0.1:%d/metrics%n", demo.ports().status());
    out.printf("Ctrl-C ends the demo and deletes %s.%n%n", demo.shell().folder());
    out.flush();
  }

  private static void end(Demo demo) {
    try {
      demo.close();
    } catch (IOException e) {
      System.err.println("packhorse: " + e.getMessage());
    }
  }

  /// How a shell calls this very program: `bin/packhorse` where it was started by it, else Java.
  private static String program() {
    String home = System.getProperty("packhorse.home");
    if (home != null) return Words.quoted(home + "/bin/packhorse");
    return Words.quoted(System.getProperty("java.home") + "/bin/java")
        + " -cp "
        + Words.quoted(System.getProperty("java.class.path"))
        + " packhorse.deploy.Main";
  }
}
