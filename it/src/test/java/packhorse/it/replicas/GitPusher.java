package packhorse.it.replicas;

import java.util.ArrayList;
import java.util.List;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.replicas.Figures.Figure;
import packhorse.it.replicas.History.PushedCommit;

/// Pushes one commit after the other to a branch of its own, through the proxy with real git. For
/// one thread.
final class GitPusher {
  private final Round round;
  private final GitRunner git;
  private final String url;
  private final String branch;
  private final List<Attempt> attempts = new ArrayList<>();
  private String tip;

  /// What a client was told of its push.
  enum Told {
    OK,
    /// Refused by the proxy.
    REFUSED,
    /// Rejected by the node, or by git itself because the branch has another tip.
    REJECTED,
    UNKNOWN,
    CUT
  }

  /// A push.
  ///
  /// @param message what git printed
  record Attempt(PushedCommit commit, Told told, String message) {}

  /// @param git runs in a bare repository
  /// @param tip the commit to which the branch points
  GitPusher(Round round, GitRunner git, String url, String branch, String tip) {
    this.round = round;
    this.git = git;
    this.url = url;
    this.branch = branch;
    this.tip = tip;
  }

  /// Pushes a commit on top of the newest known tip of the branch.
  void push() {
    int number = attempts.size() + 1;
    String id =
        git.run("commit-tree", "-p", tip, "-m", branch + " " + number, tip + "^{tree}").output();
    PushedCommit commit = new PushedCommit(id, tip, branch, number);
    round.history().add(commit);
    CommandResult result = git.run("push", "-q", url, id + ":refs/heads/" + branch);
    Told told = told(result);
    attempts.add(new Attempt(commit, told, result.stderr()));
    count(told);
    if (told == Told.OK) {
      tip = id;
      round.history().tell(branch, id);
    }
  }

  /// Continues from the tip that a read has shown, if it is a newer one: a push whose outcome was
  /// unknown was applied.
  void shown(String id) {
    if (round.history().number(id) > round.history().number(tip)) tip = id;
  }

  String branch() {
    return branch;
  }

  List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  private static Told told(CommandResult result) {
    String message = result.stderr();
    if (result.succeeded()) return Told.OK;
    if (message.contains("may have been applied")) return Told.UNKNOWN;
    if (message.contains("(decision ")) return Told.REFUSED;
    return message.contains("rejected]") ? Told.REJECTED : Told.CUT;
  }

  private void count(Told told) {
    round
        .figures()
        .count(
            switch (told) {
              case OK -> Figure.PUSHES_OK;
              case REFUSED, REJECTED -> Figure.PUSHES_REFUSED;
              case UNKNOWN -> Figure.PUSHES_UNKNOWN;
              case CUT -> Figure.PUSHES_CUT;
            });
  }
}
