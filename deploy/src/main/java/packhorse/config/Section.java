package packhorse.config;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// A section of fixed keys while it is being read. Every key that is asked for is known; what is
/// left in the end is misspelt or not built yet.
final class Section {
  private final String key;
  private final String shape;
  private final Map<String, Cursor> values;
  private final Problems problems;
  private final boolean whole;
  private final Set<String> known = new HashSet<>();
  private final Set<String> missing = new LinkedHashSet<>();

  /// @param whole false: it is no section at all, which is a problem already
  Section(String key, String shape, Map<String, Cursor> values, Problems problems, boolean whole) {
    this.key = key;
    this.shape = shape;
    this.values = values;
    this.problems = problems;
    this.whole = whole;
  }

  String key() {
    return key;
  }

  void error(String message) {
    problems.error(key, message);
  }

  /// A problem with one of its keys.
  void error(String name, String message) {
    problems.error(below(name), message);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /// The value of a key that need not be there.
  <T> Optional<T> find(String name, Function<Cursor, T> read) {
    known.add(name);
    problems.ask(Cursor.below(shape, name), values.containsKey(name));
    return Optional.ofNullable(values.get(name)).map(read);
  }

  /// The value of a key, or its default.
  <T> T optional(String name, Function<Cursor, T> read, T ifAbsent) {
    return find(name, read).orElse(ifAbsent);
  }

  /// The value of a key that must be there; the placeholder where it is not, which is a problem.
  <T> T required(String name, Function<Cursor, T> read, T placeholder) {
    Optional<T> value = find(name, read);
    if (value.isEmpty()) {
      missing(name);
    }
    return value.orElse(placeholder);
  }

  /// The items of a list that need not be there.
  <T> List<T> list(String name, Function<Cursor, T> read) {
    return optional(name, c -> c.list(read), List.of());
  }

  /// The items of a condition that need not be there. One that is there and empty would be
  /// fulfilled by nobody or by everybody, and not everybody thinks of the same.
  <T> List<T> condition(String name, Function<Cursor, T> read) {
    Optional<List<T>> items = find(name, c -> c.list(read));
    if (items.isPresent() && items.get().isEmpty() && !problems.brokenAt(below(name))) {
      error(name, "is empty; leave it out where it is no condition");
    }
    return items.orElse(List.of());
  }

  private String below(String name) {
    return Cursor.below(key, name);
  }

  /// A section that is not there: all its keys have their defaults.
  Section empty(String name) {
    return new Section(
        Cursor.below(key, name), Cursor.below(shape, name), Map.of(), problems, true);
  }

  /// Says in the end that a key (`A`, or `A or B`) is missing, unless it is there misspelt, or one
  /// that is not built yet may stand in its place.
  void missing(String name) {
    missing.add(name);
  }

  /// Says which keys nobody asked for, and which ones are missing.
  void finish() {
    values.forEach(this::finish);
    if (whole && values.keySet().stream().noneMatch(this::notBuilt)) {
      missing.forEach(name -> problems.error(key, name + " is missing"));
    }
  }

  private void finish(String name, Cursor value) {
    if (notBuilt(name)) {
      problems.error(value.place(), value.key(), "not built yet", Optional.empty());
    } else if (!known.contains(name)) {
      Set<String> candidates = new TreeSet<>(known);
      candidates.addAll(NotBuilt.keysOf(shape));
      candidates.removeAll(values.keySet());
      Optional<String> suggestion = Suggestion.of(name, candidates);
      suggestion.ifPresent(word -> missing.removeIf(m -> List.of(m.split(" or ")).contains(word)));
      problems.error(value.place(), value.key(), "unknown key", suggestion);
    }
  }

  private boolean notBuilt(String name) {
    return NotBuilt.key(Cursor.below(shape, name));
  }
}
