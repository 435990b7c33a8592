package packhorse.it.replicas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.replicas.Figures.Figure;

/// Reads through the proxy with real git, and checks that no list is older than what any client
/// knew when the read began. For one thread.
final class GitReader {
  private static final long MAX_MILLIS_AFTER_DOWN = 5_000;

  private final Round round;
  private final GitRunner git;
  private final String url;
  private final Random random;
  private int cloneCount;

  /// @param git runs in a bare repository
  GitReader(Round round, GitRunner git, String url, Random random) {
    this.round = round;
    this.git = git;
    this.url = url;
    this.random = random;
  }

  /// What was known when a read began.
  ///
  /// @param current the nodes that had all of it
  private record Beginning(
      long nanoTime, Instant time, Map<String, Integer> newestTold, List<Integer> current) {}

  /// Reads the tip of a branch, alone or with those of all branches, in one of the ways in which
  /// git reads.
  ///
  /// @return the tip; empty if the read failed
  String read(String branch) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> list(branch, "ls-remote", url, "refs/heads/" + branch);
      case 3, 4 -> list(branch, "ls-remote", url);
      case 5, 6 -> fetch(branch);
      default -> cloneAll(branch);
    };
  }

  private String list(String branch, String... command) {
    Beginning beginning = begin();
    CommandResult result = run(beginning, command);
    return result.succeeded() ? evaluate(beginning, branch, result.stdout()) : "";
  }

  private String fetch(String branch) {
    Beginning beginning = begin();
    CommandResult result = run(beginning, "fetch", "-q", url, "refs/heads/" + branch);
    if (!result.succeeded()) return "";
    String line = fileText(git.directory().resolve("FETCH_HEAD"));
    return evaluate(beginning, branch, line.substring(0, 40) + "\trefs/heads/" + branch);
  }

  private String cloneAll(String branch) {
    String folder = "clone-" + cloneCount++;
    Beginning beginning = begin();
    CommandResult result = run(beginning, "clone", "-q", "--bare", url, folder);
    if (!result.succeeded()) return "";
    return evaluate(beginning, branch, fileText(git.directory().resolve(folder + "/packed-refs")));
  }

  private Beginning begin() {
    Map<String, Integer> newestTold = round.history().newestTold();
    List<Integer> current =
        IntStream.range(0, Round.NODES).filter(node -> has(node, newestTold)).boxed().toList();
    return new Beginning(System.nanoTime(), Instant.now(), newestTold, current);
  }

  private boolean has(int node, Map<String, Integer> numbers) {
    Path refs = round.nodes().repository(node, Round.REPOSITORY).folder().resolve("refs/heads");
    return numbers.entrySet().stream()
        .allMatch(branch ->
            round.history().number(fileText(refs.resolve(branch.getKey())).strip())
                >= branch.getValue());
  }

  private CommandResult run(Beginning beginning, String... command) {
    CommandResult result = git.run(command);
    Figures figures = round.figures();
    figures.count(Figure.READS);
    long millis = round.timeline().timeAfterDown(beginning.nanoTime()) / 1_000_000;
    figures.max(Figure.LONGEST_MILLIS_AFTER_DOWN, millis);
    if (millis > MAX_MILLIS_AFTER_DOWN) {
      figures.violation("ended " + millis + " ms after a node was marked down: " + result);
    }
    if (!result.succeeded()) checkFailure(beginning, result);
    return result;
  }

  // A node that fails in the middle of its response cannot be replaced.
  private void checkFailure(Beginning beginning, CommandResult result) {
    round.figures().count(Figure.READS_FAILED);
    List<Integer> available = available(beginning, List.of(0, 1, 2));
    boolean refused = result.stderr().contains("no node of this repository is up");
    if (available.size() == Round.NODES || (refused && !available.isEmpty())) {
      round.figures().violation("failed while nodes " + available + " were available: " + result);
    }
  }

  private List<Integer> available(Beginning beginning, List<Integer> nodes) {
    return nodes.stream()
        .filter(node -> round.timeline().isAvailableSince(node, beginning.nanoTime()))
        .toList();
  }

  /// Checks the branches that a list contains.
  ///
  /// @param list lines of an id, a separator and a ref
  /// @return the id of one branch; empty if it is not in the list
  private String evaluate(Beginning beginning, String branch, String list) {
    Map<String, String> tips = new HashMap<>();
    for (String line : list.lines().toList()) {
      if (line.startsWith("refs/heads/", 41)) tips.put(line.substring(52), line.substring(0, 40));
    }
    List<String> old = new ArrayList<>();
    tips.forEach((name, id) -> {
      int number = round.history().number(id);
      int newest = beginning.newestTold().getOrDefault(name, 0);
      if (number < newest) old.add(name + " at " + number + " instead of " + newest);
    });
    if (!old.isEmpty()) checkOldList(beginning, String.join(", ", old));
    tips.forEach(round.history()::tell);
    return tips.getOrDefault(branch, "");
  }

  private void checkOldList(Beginning beginning, String description) {
    List<Integer> better = available(beginning, beginning.current());
    if (better.isEmpty()) {
      round.figures().count(Figure.READS_OLD);
      round.oldReads().add(new Round.OldRead(beginning.time(), Instant.now(), description));
    } else {
      round.figures().count(Figure.STALE);
      String stale = description + ", but nodes " + better + " had it";
      round.staleReads().add(new Round.OldRead(beginning.time(), Instant.now(), stale));
    }
  }

  private static String fileText(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
