package packhorse.config.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import packhorse.config.check.ProblemCollector;
import packhorse.config.check.Suggestion;

/// A value of the file and its key, read by the method for the type that is expected. A value of
/// another type is reported as a problem at its key, and the method returns a placeholder, so that
/// the rest of the file is still checked; the tree with the placeholder is discarded in the end.
final class YamlValue {
  private final Node node;
  private final String key;
  private final String shape;
  private final Optional<Mark> keyMark;
  private final ProblemCollector problems;

  /// @param key the path of the key, such as `pools.main.nodes.a`
  /// @param shape the same with `*` for names that the operator chose, such as `pools.*.nodes.*`
  /// @param keyMark the position of the key itself, or of a list item
  YamlValue(
      Node node, String key, String shape, Optional<Mark> keyMark, ProblemCollector problems) {
    this.node = node;
    this.key = key;
    this.shape = shape;
    this.keyMark = keyMark;
    this.problems = problems;
  }

  String key() {
    return key;
  }

  /// The position of the key itself.
  Optional<Mark> keyMark() {
    return keyMark;
  }

  void error(String message) {
    problems.error(key, message);
  }

  /// Whether the value is a scalar, and not a section or a list.
  boolean isScalar() {
    return node instanceof ScalarNode;
  }

  /// Whether the value is exactly this scalar.
  boolean hasText(String text) {
    return node instanceof ScalarNode scalar && scalar.getValue().equals(text);
  }

  /// Reads a section of fixed keys; keys that the function does not look for are problems.
  <T> T section(Function<Section, T> read) {
    Section section = new Section(key, shape, children(false), problems, isMapping());
    T result = read.apply(section);
    section.finish();
    return result;
  }

  /// Reads some keys of a section and ignores the others.
  <T> T partialSection(Function<Section, T> read) {
    return read.apply(new Section(key, shape, children(false), problems, isMapping()));
  }

  /// Reads a section whose keys are names that the operator chose.
  <T> List<T> entries(BiFunction<String, YamlValue, T> read) {
    List<T> result = new ArrayList<>();
    children(true).forEach((name, value) -> result.add(read.apply(name, value)));
    return List.copyOf(result);
  }

  /// Reads a list, or a single value in place of a list of one.
  <T> List<T> listOrOne(Function<YamlValue, T> read) {
    return node instanceof SequenceNode
        ? list(read)
        : List.of(read.apply(new YamlValue(node, key, shape + "[]", keyMark, problems)));
  }

  /// Reads a list.
  <T> List<T> list(Function<YamlValue, T> read) {
    if (!(node instanceof SequenceNode sequence)) {
      error("must be a list: [ A, B ]");
      return List.of();
    }
    List<T> result = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      String itemKey = key + "[" + (result.size() + 1) + "]";
      problems.recordPosition(itemKey, item.getStartMark());
      result.add(
          read.apply(new YamlValue(item, itemKey, shape + "[]", item.getStartMark(), problems)));
    }
    return List.copyOf(result);
  }

  /// Reads any scalar as it was written.
  String text() {
    if (!(node instanceof ScalarNode scalar)) {
      error("must be a single value, not a section or a list");
      return "";
    }
    if (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isEmpty()) {
      error("has no value");
    } else if (scalar.getValue().chars().anyMatch(Character::isISOControl)) {
      error("contains a control character or a line break");
    }
    return scalar.getValue();
  }

  /// Reads a scalar with a function that throws IllegalArgumentException with a message for the
  /// operator.
  <T> T parse(Function<String, T> parser, T placeholder) {
    if (!isScalar() || hasText("")) {
      text();
      return placeholder;
    }
    try {
      return parser.apply(text());
    } catch (IllegalArgumentException malformed) {
      error(String.valueOf(malformed.getMessage()));
      return placeholder;
    }
  }

  boolean bool() {
    if (node instanceof ScalarNode && node.getTag().equals(Tag.BOOL)) {
      return hasText("true");
    }
    error("must be true or false");
    return false;
  }

  int integer(int min, int max) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      String digits = scalar.getValue();
      if (digits.length() <= 9
          && Integer.parseInt(digits) >= min
          && Integer.parseInt(digits) <= max) {
        return Integer.parseInt(digits);
      }
    }
    error("must be a number from " + min + " to " + max);
    return min;
  }

  /// Reads the word of an enum constant, in lower case. A word that is not implemented yet is
  /// reported as such.
  <E extends Enum<E>> E choice(Class<E> type) {
    List<E> all = Arrays.asList(type.getEnumConstants());
    String word = text();
    reportIfUnimplemented(word);
    Optional<E> chosen = all.stream().filter(e -> wordOf(e).equals(word)).findFirst();
    if (chosen.isEmpty() && !UnimplementedKeys.containsValue(shape, word)) {
      reportUnknownWord(
          word,
          all.stream()
              .map(YamlValue::wordOf)
              .filter(w -> !UnimplementedKeys.containsValue(shape, w))
              .toList());
    }
    return chosen.orElse(all.getFirst());
  }

  /// Reports a word that is none of those that are allowed here.
  void reportUnknownWord(String word, List<String> allowed) {
    if (!isScalar() || hasText("")) return;
    String message = "\"" + word + "\" is not one of " + String.join(", ", allowed);
    problems.error(key, message, Suggestion.closest(word, allowed));
  }

  /// Reports a word that is not implemented yet; returns whether that is the case.
  boolean reportIfUnimplemented(String word) {
    boolean unimplemented = UnimplementedKeys.containsValue(shape, word);
    if (unimplemented) {
      error(word + ": " + UnimplementedKeys.MESSAGE);
    }
    return unimplemented;
  }

  /// Returns the word for an enum constant in the file.
  static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private boolean isMapping() {
    return node instanceof MappingNode;
  }

  /// Returns the values of a section in the order of the file.
  ///
  /// @param namedByOperator whether the operator chose the keys
  private Map<String, YamlValue> children(boolean namedByOperator) {
    Map<String, YamlValue> children = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      error(hasText("") ? "has no value" : "must be a section: { KEY: VALUE }");
      return children;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Optional<Mark> mark = tuple.getKeyNode().getStartMark();
      if (!(tuple.getKeyNode() instanceof ScalarNode name) || name.getValue().isEmpty()) {
        problems.error(mark, key, "a key must be a single word", Optional.empty());
      } else if (children.containsKey(name.getValue())) {
        problems.error(mark, childKey(key, name.getValue()), "duplicate key", Optional.empty());
      } else {
        children.put(name.getValue(), child(name, tuple.getValueNode(), namedByOperator));
      }
    }
    return children;
  }

  private YamlValue child(ScalarNode name, Node value, boolean namedByOperator) {
    String childKey = childKey(key, name.getValue());
    problems.recordPosition(childKey, (value instanceof ScalarNode ? value : name).getStartMark());
    return new YamlValue(
        value,
        childKey,
        childKey(shape, namedByOperator ? "*" : name.getValue()),
        name.getStartMark(),
        problems);
  }

  /// Returns the path of a key in a section; the section's own path is empty at the top.
  static String childKey(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }
}
