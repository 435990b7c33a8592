package packhorse.it.replicas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import packhorse.it.kit.git.Repository;
import packhorse.it.replicas.Figures.Figure;
import packhorse.it.replicas.GitPusher.Attempt;
import packhorse.it.replicas.GitPusher.Told;

/// Compares what clients were told of their pushes with what the primary has.
final class PushCheck {
  private final Repository primary;
  private final History history;
  private final Figures figures;
  private final List<String> received;

  private PushCheck(Round round) throws IOException {
    this.primary = round.nodes().primary(Round.REPOSITORY);
    this.history = round.history();
    this.figures = round.figures();
    this.received = lines(primary.folder().resolve("received"));
  }

  /// Has the primary record the pushes that reach it, and what it applies.
  static void prepare(Repository primary) {
    primary.config("core.logAllRefUpdates", "always");
    // Messages of the hooks make a response begin before the push is applied and go on after it.
    primary.installHook(
        "pre-receive", "while read old new ref; do echo $new; done >>received; echo begin >&2");
    primary.installHook("post-receive", "echo applied >&2; sleep 0.05");
  }

  /// Checks the pushes of one client, after all nodes and clients have finished.
  static void check(Round round, GitPusher pusher) throws IOException {
    new PushCheck(round).check(pusher);
  }

  private void check(GitPusher pusher) throws IOException {
    String branch = "refs/heads/" + pusher.branch();
    List<String> applied =
        lines(primary.folder().resolve("logs").resolve(branch)).stream()
            .map(line -> line.split(" ", 3)[1])
            .toList();
    Set<String> reachable = reachable(primary.id(branch));
    for (Attempt attempt : pusher.attempts()) {
      String id = attempt.commit().id();
      int count = Collections.frequency(applied, id);
      if (count > 1 || Collections.frequency(received, id) > 1) {
        figures.violation(Figure.TWICE, "applied " + count + " times: " + attempt);
      }
      if (attempt.told() == Told.OK && (count == 0 || !reachable.contains(id))) {
        figures.violation(Figure.LOST, "not applied: " + attempt);
      }
      if (attempt.told() == Told.REFUSED && received.contains(id)) {
        figures.violation("refused, but the node has received it: " + attempt);
      }
      if (attempt.told() == Told.REJECTED && count > 0) {
        figures.violation("rejected, but applied: " + attempt);
      }
    }
  }

  private Set<String> reachable(String tip) {
    Set<String> ids = new HashSet<>();
    Optional<History.PushedCommit> commit = history.find(tip);
    while (commit.isPresent()) {
      ids.add(commit.get().id());
      commit = history.find(commit.get().parent());
    }
    return ids;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
