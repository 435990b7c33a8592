package packhorse.it.replicas;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// Counts what happened in one round or in several, and collects what must not happen. For any
/// thread.
final class Figures {
  private final Map<Figure, Long> counts = new EnumMap<>(Figure.class);
  private final List<String> violations = new CopyOnWriteArrayList<>();

  /// What is counted.
  enum Figure {
    ROUNDS,
    KILLS,
    PAUSES,
    MARKED_DOWN,
    PUSHES_OK,
    /// The proxy refused, the node rejected, or git found that the push is not a fast-forward.
    PUSHES_REFUSED,
    /// The client was told that the push may have been applied.
    PUSHES_UNKNOWN,
    /// The client's connection was cut off.
    PUSHES_CUT,
    READS,
    READS_FAILED,
    /// The list was older than what was known, and no node that could be asked had a newer one.
    READS_OLD,
    LOST,
    TWICE,
    STALE,
    /// The longest time that a read went on after a node had been marked down.
    LONGEST_MILLIS_AFTER_DOWN
  }

  void count(Figure figure) {
    add(figure, 1);
  }

  synchronized void add(Figure figure, long count) {
    counts.merge(figure, count, Long::sum);
  }

  synchronized void max(Figure figure, long value) {
    counts.merge(figure, value, Math::max);
  }

  /// Records something that must not happen.
  void violation(Figure figure, String description) {
    count(figure);
    violation(description);
  }

  void violation(String description) {
    violations.add(description);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized long get(Figure figure) {
    return counts.getOrDefault(figure, 0L);
  }

  /// Adds the figures of another round.
  void addAll(Figures other) {
    for (Figure figure : Figure.values()) {
      if (figure == Figure.LONGEST_MILLIS_AFTER_DOWN) max(figure, other.get(figure));
      else add(figure, other.get(figure));
    }
  }

  @Override
  public String toString() {
    return Arrays.stream(Figure.values())
        .map(figure -> figure.name().toLowerCase(Locale.ROOT) + "=" + get(figure))
        .collect(Collectors.joining(" "));
  }
}
