package packhorse.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs the steps of the demo in their order, and checks each. Not thread-safe.
final class DemoPlayer {
  private static final Pattern DECISION = Pattern.compile("\\(decision ([^)\\s]+)\\)");

  private final DemoShell shell;
  private final NodeEventLog log;
  private final PrintWriter out;
  // The latest decision id that a command printed; it replaces the `ID` at the end of a command.
  private String decisionId = "ID";

  DemoPlayer(DemoShell shell, NodeEventLog log, PrintWriter out) {
    this.shell = shell;
    this.log = log;
    this.out = out;
  }

  /// Runs all steps, and prints the command, the output, the node events and the result of each.
  ///
  /// @return whether every step succeeded
  boolean play(List<DemoStep> steps) throws IOException, InterruptedException {
    var failures = new ArrayList<String>();
    for (int i = 0; i < steps.size(); i++) {
      DemoStep step = steps.get(i);
      out.printf("%n%d. %s%n", i + 1, step.title());
      Optional<String> problem = play(step);
      problem.ifPresent(text -> failures.add(step.title() + ": " + text));
      out.println(problem.map(text -> "   FAILED: " + text).orElse("   ok: " + step.expectation()));
      out.flush();
    }
    out.printf("%n%d of %d steps succeeded.%n", steps.size() - failures.size(), steps.size());
    failures.forEach(failure -> out.println("failed: " + failure));
    out.flush();
    return failures.isEmpty();
  }

  private Optional<String> play(DemoStep step) throws IOException, InterruptedException {
    List<NodeEvent> earlier = log.events();
    String command = step.command().replaceAll("\\bID$", Matcher.quoteReplacement(decisionId));
    out.println("   $ " + command);
    out.flush();
    DemoShell.CommandResult result = shell.run(command);
    result.output().lines().forEach(line -> out.println("     " + line));
    List<NodeEvent> all = log.events();
    List<NodeEvent> events = all.subList(earlier.size(), all.size());
    events.forEach(event -> out.println("   > " + event));
    Matcher decision = DECISION.matcher(result.output());
    if (decision.find()) decisionId = decision.group(1);
    return step.check().problem(new DemoStep.Observation(result, events, earlier));
  }
}
