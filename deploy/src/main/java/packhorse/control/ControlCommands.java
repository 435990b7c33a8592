package packhorse.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringJoiner;
import packhorse.node.NodeHealth;
import packhorse.node.Nodes;
import packhorse.record.AuditLog;
import packhorse.record.Decisions;

/// What a running proxy answers to its operator: {@code explain ID}, {@code status}. Called on the
/// control socket's threads.
public final class ControlCommands {
  private final Nodes nodes;
  private final Decisions decisions;
  private final Optional<Path> audit;

  public ControlCommands(Nodes nodes, Decisions decisions, Optional<Path> audit) {
    this.nodes = nodes;
    this.decisions = decisions;
    this.audit = audit;
  }

  /// The answer to one command line; a line that begins with {@code error:} is a failure.
  public String answer(String line) {
    String[] words = line.strip().split(" +", -1);
    return switch (words[0]) {
      case "explain" -> words.length == 2 ? explain(words[1]) : "error: explain what?\n";
      case "status" -> status();
      default -> "error: unknown command\n";
    };
  }

  private String explain(String id) {
    if (!id.matches("[0-9a-z]{1,64}")) return "error: that is no decision id\n";
    try {
      Optional<String> found = decisions.find(id);
      if (found.isEmpty() && audit.isPresent()) found = AuditLog.find(audit.get(), id);
      return found.map(Explanation::of).orElse("error: no decision " + id + " is remembered\n");
    } catch (IOException e) {
      return "error: the audit file cannot be read: " + e.getMessage() + "\n";
    }
  }

  private String status() {
    var text = new StringJoiner("\n", "", "\n");
    for (NodeHealth node : nodes.all()) {
      String reason = node.reason().isEmpty() ? "" : " (" + node.reason() + ")";
      text.add(node.node().pool() + " " + node.node().name() + " " + node.state().word() + reason);
    }
    return text.toString();
  }
}
