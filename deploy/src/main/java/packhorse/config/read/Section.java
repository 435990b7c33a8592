package packhorse.config.read;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import packhorse.config.check.ProblemCollector;
import packhorse.config.check.Suggestion;

/// Reads a section of fixed keys. Every key that is looked for is a known key; keys that were not
/// looked for are reported in the end as misspelt or not implemented yet.
final class Section {
  private final String key;
  private final String shape;
  private final Map<String, YamlValue> values;
  private final ProblemCollector problems;
  private final boolean valid;
  private final Set<String> known = new HashSet<>();
  private final Set<String> missing = new LinkedHashSet<>();

  /// @param key the path of the section's key
  /// @param shape the same with `*` for names that the operator chose
  /// @param valid false if the value is not a section, which has been reported already
  Section(
      String key,
      String shape,
      Map<String, YamlValue> values,
      ProblemCollector problems,
      boolean valid) {
    this.key = key;
    this.shape = shape;
    this.values = values;
    this.problems = problems;
    this.valid = valid;
  }

  void error(String message) {
    problems.error(key, message);
  }

  /// Reports an error at one of the section's keys.
  void error(String name, String message) {
    problems.error(childKey(name), message);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /// Reads the value of an optional key.
  <T> Optional<T> find(String name, Function<YamlValue, T> read) {
    known.add(name);
    problems.recordLookup(YamlValue.childKey(shape, name), values.containsKey(name));
    return Optional.ofNullable(values.get(name)).map(read);
  }

  /// Reads the value of an optional key, or returns its default.
  <T> T optional(String name, Function<YamlValue, T> read, T defaultValue) {
    return find(name, read).orElse(defaultValue);
  }

  /// Reads the value of a required key. If it is missing, that is reported and the placeholder is
  /// returned.
  <T> T required(String name, Function<YamlValue, T> read, T placeholder) {
    Optional<T> value = find(name, read);
    if (value.isEmpty()) {
      reportMissing(name);
    }
    return value.orElse(placeholder);
  }

  /// Reads the items of an optional list.
  <T> List<T> list(String name, Function<YamlValue, T> read) {
    return optional(name, value -> value.list(read), List.of());
  }

  /// Reads the items of an optional condition. An empty list is an error, because it could be
  /// understood as a condition that nothing fulfils or as one that everything fulfils.
  <T> List<T> condition(String name, Function<YamlValue, T> read) {
    Optional<List<T>> items = find(name, value -> value.list(read));
    if (items.isPresent() && items.get().isEmpty() && !problems.hasErrorAt(childKey(name))) {
      error(name, "is empty; to set no condition, remove the key");
    }
    return items.orElse(List.of());
  }

  private String childKey(String name) {
    return YamlValue.childKey(key, name);
  }

  /// Returns a subsection that the file does not have, so that all its keys get their defaults.
  Section absentSection(String name) {
    return new Section(
        YamlValue.childKey(key, name), YamlValue.childKey(shape, name), Map.of(), problems, true);
  }

  /// Reports at [#finish] that a key (`A`, or `A or B`) is missing, unless the section has it
  /// misspelt, or has a key that is not implemented yet and could stand in its place.
  void reportMissing(String name) {
    missing.add(name);
  }

  /// Reports the keys that were not looked for and those that are missing.
  void finish() {
    values.forEach(this::reportUnlessKnown);
    if (valid && values.keySet().stream().noneMatch(this::isUnimplemented)) {
      missing.forEach(name -> problems.error(key, name + " is missing"));
    }
  }

  private void reportUnlessKnown(String name, YamlValue value) {
    if (isUnimplemented(name)) {
      problems.error(value.keyMark(), value.key(), UnimplementedKeys.MESSAGE, Optional.empty());
    } else if (!known.contains(name)) {
      Set<String> candidates = new TreeSet<>(known);
      candidates.addAll(UnimplementedKeys.childKeysOf(shape));
      candidates.removeAll(values.keySet());
      Optional<String> suggestion = Suggestion.closest(name, candidates);
      suggestion.ifPresent(word -> missing.removeIf(m -> List.of(m.split(" or ")).contains(word)));
      problems.error(value.keyMark(), value.key(), "unknown key", suggestion);
    }
  }

  private boolean isUnimplemented(String name) {
    return UnimplementedKeys.containsKey(YamlValue.childKey(shape, name));
  }
}
