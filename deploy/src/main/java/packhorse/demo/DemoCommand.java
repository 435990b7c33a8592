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

/// `packhorse demo`: starts three nodes and the proxy on the loopback address, prints the
/// configuration and the steps for the user to paste into a shell, and runs until Ctrl-C. With
/// `--play` it runs the steps itself, then exits.
@Command(
    name = "demo",
    description =
        "Start three nodes and Packhorse in front of them, on free ports of the loopback address,"
            + " with sample repositories and two users; print the configuration and commands to"
            + " paste. Everything is in one temporary folder, deleted at the end.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every step succeeded (--play)",
      "1:a step failed (--play), or the demo could not be started"
    })
public final class DemoCommand implements Callable<Integer> {
  private final ProxyStarter proxy;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--play",
      description = "Run the steps instead of printing them, check each, and end.")
  private boolean play;

  /// @param proxy starts Packhorse on a configuration file
  public DemoCommand(ProxyStarter proxy) {
    this.proxy = proxy;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    var log = new NodeEventLog(event -> printEvent(out, event));
    try (Demo demo = Demo.start(proxy, log)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(demo), "demo-end"));
      printConfiguration(out, demo);
      List<DemoStep> steps = demo.steps(program());
      if (play) return new DemoPlayer(demo.shell(), log, out).play(steps) ? 0 : 1;
      printSteps(out, demo, steps);
      // Waits until the process is terminated; the shutdown hook then closes the demo.
      new CountDownLatch(1).await();
      return 0;
    }
  }

  /// Prints an event when it happens; with `--play`, the player prints the events of each step.
  private void printEvent(PrintWriter out, NodeEvent event) {
    if (play) return;
    out.println("   > " + event);
    out.flush();
  }

  private static void printConfiguration(PrintWriter out, Demo demo) throws IOException {
    out.println("Packhorse is running in front of three nodes. Its configuration, ready to copy:");
    out.println();
    Files.readString(demo.configuration()).lines().forEach(line -> out.println("    " + line));
    out.flush();
  }

  private static void printSteps(PrintWriter out, Demo demo, List<DemoStep> steps) {
    out.printf(
        "%nIn another terminal, run this first:%n%n    %s%n%nthen these, one by one:%n",
        demo.shell().firstCommand());
    int number = 1;
    // The commands are printed in parentheses: a subshell keeps the `cd` of a step to itself.
    for (DemoStep step : steps) {
      out.printf(
          "%n%d. %s%n    (%s)%n   Expected: %s%n",
          number++, step.title(), step.command(), step.expectation());
    }
    out.printf("%nMeters: http://127.0.0.1:%d/metrics%n", demo.ports().status());
    out.printf("Ctrl-C ends the demo and deletes %s.%n%n", demo.shell().folder());
    out.flush();
  }

  private static void close(Demo demo) {
    try {
      demo.close();
    } catch (IOException e) {
      System.err.println("packhorse: " + e.getMessage());
    }
  }

  /// Returns the command that runs this program, quoted for a shell: `bin/packhorse` if that
  /// started it, else `java` with this class path.
  private static String program() {
    String home = System.getProperty("packhorse.home");
    if (home != null) return DemoShell.quote(home + "/bin/packhorse");
    return DemoShell.quote(System.getProperty("java.home") + "/bin/java")
        + " -cp "
        + DemoShell.quote(System.getProperty("java.class.path"))
        + " packhorse.deploy.Main";
  }
}
