package packhorse.config.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.exceptions.Mark;
import packhorse.config.model.Problem;

/// Collects the problems of one file and records the positions of its keys. Not thread-safe.
public final class ProblemCollector {
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Mark> positions = new HashMap<>();
  private final Map<String, Boolean> lookups = new TreeMap<>();

  /// Records where a key is, for problems that are found later.
  public void recordPosition(String key, Optional<Mark> mark) {
    mark.ifPresent(m -> positions.put(key, m));
  }

  /// Adds an error at a key's position.
  public void error(String key, String message) {
    error(key, message, Optional.empty());
  }

  /// Adds an error at a key's position.
  public void error(String key, String message, Optional<String> suggestion) {
    add(Problem.Severity.ERROR, position(key), key, message, suggestion);
  }

  /// Adds an error at any position.
  public void error(Optional<Mark> mark, String key, String message, Optional<String> suggestion) {
    add(Problem.Severity.ERROR, mark, key, message, suggestion);
  }

  void warning(String key, String message) {
    add(Problem.Severity.WARNING, position(key), key, message, Optional.empty());
  }

  /// Records that a reading function looked for a key of this shape, and whether the file has one.
  public void recordLookup(String shape, boolean present) {
    lookups.merge(shape, present, Boolean::logicalOr);
  }

  /// The shapes of all keys that were looked for, and whether the file has a key of that shape.
  public Map<String, Boolean> lookups() {
    return Collections.unmodifiableMap(lookups);
  }

  /// Whether the file has this key.
  boolean isPresent(String key) {
    return positions.containsKey(key);
  }

  /// Whether a key, or a key below it, has an error already, so that its value is a placeholder.
  public boolean hasErrorAt(String key) {
    return problems.stream()
        .filter(p -> p.severity() == Problem.Severity.ERROR)
        .map(Problem::key)
        .anyMatch(k -> k.equals(key) || k.startsWith(key + ".") || k.startsWith(key + "["));
  }

  /// Whether the file cannot be used.
  public boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /// All problems in the order of their positions.
  public List<Problem> sorted() {
    return problems.stream()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }

  private void add(
      Problem.Severity severity,
      Optional<Mark> mark,
      String key,
      String message,
      Optional<String> suggestion) {
    int line = mark.map(Mark::getLine).orElse(-1) + 1;
    int column = mark.map(Mark::getColumn).orElse(-1) + 1;
    problems.add(new Problem(severity, line, column, key, message, suggestion));
  }

  /// The position of the key, or else of the nearest section around it.
  private Optional<Mark> position(String key) {
    String path = key;
    while (!positions.containsKey(path) && !path.isEmpty()) {
      path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
    return Optional.ofNullable(positions.get(path));
  }
}
