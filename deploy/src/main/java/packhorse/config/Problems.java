package packhorse.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Collects the problems of one file, and knows where its keys are. Used by one thread.
final class Problems {
  private final List<Problem> found = new ArrayList<>();
  private final Map<String, Mark> places = new HashMap<>();
  private final Map<String, Boolean> asked = new TreeMap<>();

  /// Says where a key is, for problems that are found later.
  void remember(String key, Optional<Mark> mark) {
    mark.ifPresent(m -> places.put(key, m));
  }

  void error(String key, String message) {
    error(key, message, Optional.empty());
  }

  void error(String key, String message, Optional<String> suggestion) {
    add(Problem.Severity.ERROR, place(key), key, message, suggestion);
  }

  void error(Optional<Mark> mark, String key, String message, Optional<String> suggestion) {
    add(Problem.Severity.ERROR, mark, key, message, suggestion);
  }

  void warning(String key, String message) {
    add(Problem.Severity.WARNING, place(key), key, message, Optional.empty());
  }

  /// Notes that a reading function asked for a key of this shape, and whether it was there.
  void ask(String shape, boolean there) {
    asked.merge(shape, there, Boolean::logicalOr);
  }

  /// The shapes of all keys that were asked for, and whether there was one.
  Map<String, Boolean> asked() {
    return Collections.unmodifiableMap(asked);
  }

  /// Whether the file has this key.
  boolean knows(String key) {
    return places.containsKey(key);
  }

  /// Whether a key, or one below it, has an error already, so that its value is a placeholder.
  boolean brokenAt(String key) {
    return found.stream()
        .filter(p -> p.severity() == Problem.Severity.ERROR)
        .map(Problem::key)
        .anyMatch(k -> k.equals(key) || k.startsWith(key + ".") || k.startsWith(key + "["));
  }

  boolean anyError() {
    return found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /// In the order of the file.
  List<Problem> sorted() {
    return found.stream()
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
    found.add(new Problem(severity, line, column, key, message, suggestion));
  }

  /// Where the key is; else where the nearest section around it is.
  private Optional<Mark> place(String key) {
    String path = key;
    while (!places.containsKey(path) && !path.isEmpty()) {
      path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
    return Optional.ofNullable(places.get(path));
  }
}
