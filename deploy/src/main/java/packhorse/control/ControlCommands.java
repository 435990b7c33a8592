package packhorse.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringJoiner;
import packhorse.node.NodeHealth;
import packhorse.node.Nodes;
import packhorse.record.AuditLog;
import packhorse.record.DecisionHistory;

/// Executes the commands that an operator sends over the control socket: `explain ID` and `status`.
/// Called on the threads of [ControlSocket] and, for the status page, of [StatusListener].
public final class ControlCommands {
  private final Nodes nodes;
  private final DecisionHistory decisions;
  private final Optional<Path> auditFile;

  /// @param auditFile where decisions are searched that [DecisionHistory] no longer has; empty if
  ///   no audit file is configured
  public ControlCommands(Nodes nodes, DecisionHistory decisions, Optional<Path> auditFile) {
    this.nodes = nodes;
    this.decisions = decisions;
    this.auditFile = auditFile;
  }

  /// Executes a command line and returns the response, which ends with a line feed. A response that
  /// begins with `error:` reports a failure.
  public String execute(String line) {
    String[] words = line.strip().split(" +", -1);
    return switch (words[0]) {
      case "explain" ->
          words.length == 2 ? explain(words[1]) : "error: explain needs one decision id\n";
      case "status" -> status();
      default -> "error: unknown command\n";
    };
  }

  private String explain(String id) {
    if (!id.matches("[0-9a-z]{1,64}")) return "error: not a decision id\n";
    try {
      Optional<String> auditRecord = decisions.find(id);
      if (auditRecord.isEmpty() && auditFile.isPresent()) {
        auditRecord = AuditLog.find(auditFile.get(), id);
      }
      return auditRecord.map(Explanation::of).orElse("error: no record of decision " + id + "\n");
    } catch (IOException e) {
      return "error: the audit file cannot be read: " + e.getMessage() + "\n";
    }
  }

  // One line for each node: its pool, its name, its state and the reason for it.
  private String status() {
    var text = new StringJoiner("\n", "", "\n");
    for (NodeHealth node : nodes.all()) {
      String reason = node.reason().isEmpty() ? "" : " (" + node.reason() + ")";
      text.add(node.node().pool() + " " + node.node().name() + " " + node.state().label() + reason);
    }
    return text.toString();
  }
}
