package packhorse.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Plays the steps, one after the other, in the order in which they were written. For one thread.
final class DemoPlay {
  private static final Pattern DECISION = Pattern.compile("\\(decision ([^)\\s]+)\\)");

  private final DemoShell shell;
  private final NodeLog nodes;
  private final PrintWriter out;
  private String decision = "ID";

  DemoPlay(DemoShell shell, NodeLog nodes, PrintWriter out) {
    this.shell = shell;
    this.nodes = nodes;
    this.out = out;
  }

  /// Plays them all, and prints for each what it did, what to see, and whether it was seen.
  ///
  /// @return whether every step showed what it should
  boolean play(List<DemoStep> steps) throws IOException, InterruptedException {
    var failed = new ArrayList<String>();
    for (int at = 0; at < steps.size(); at++) {
      DemoStep step = steps.get(at);
      out.printf("%n%d. %s%n", at + 1, step.title());
      Optional<String> problem = play(step);
      problem.ifPresent(what -> failed.add(step.title() + ": " + what));
      out.println(problem.map(what -> "   FAILED: " + what).orElse("   ok: " + step.see()));
      out.flush();
    }
    out.printf(
        "%n%d of %d steps showed what they should.%n", steps.size() - failed.size(), steps.size());
    failed.forEach(each -> out.println("failed: " + each));
    out.flush();
    return failed.isEmpty();
  }

  private Optional<String> play(DemoStep step) throws IOException, InterruptedException {
    List<NodeAnswer> before = nodes.answers();
    String command = step.command().replaceAll("\\bID$", Matcher.quoteReplacement(decision));
    out.println("   $ " + command);
    out.flush();
    DemoShell.Ran ran = shell.run(command);
    ran.said().lines().forEach(line -> out.println("     " + line));
    List<NodeAnswer> all = nodes.answers();
    List<NodeAnswer> answers = all.subList(before.size(), all.size());
    answers.forEach(answer -> out.println("   > " + answer));
    Matcher named = DECISION.matcher(ran.said());
    if (named.find()) decision = named.group(1);
    return step.check().problem(new DemoStep.Seen(ran, answers, before));
  }
}
