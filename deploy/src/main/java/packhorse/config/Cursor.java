package packhorse.config;

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

/// A value in the file that knows its key, so that a reading function says what it wants and
/// problems are said in the right place. Where a value is not what is wanted, that is a problem,
/// and the function gets a placeholder: the tree is thrown away in the end, and the rest of the
/// file is still looked at.
final class Cursor {
  private final Node node;
  private final String key;
  private final String shape;
  private final Optional<Mark> place;
  private final Problems problems;

  /// @param key the path of the key, such as `pools.main.nodes.a`
  /// @param shape the same with `*` for names that the operator chose, such as `pools.*.nodes.*`
  /// @param place where the key itself is
  Cursor(Node node, String key, String shape, Optional<Mark> place, Problems problems) {
    this.node = node;
    this.key = key;
    this.shape = shape;
    this.place = place;
    this.problems = problems;
  }

  String key() {
    return key;
  }

  /// Where the key itself is.
  Optional<Mark> place() {
    return place;
  }

  void error(String message) {
    problems.error(key, message);
  }

  /// Whether the value is one word or number, and not a section or a list.
  boolean isScalar() {
    return node instanceof ScalarNode;
  }

  /// Whether the value is exactly this word.
  boolean is(String word) {
    return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
  }

  /// Reads a section of fixed keys; keys that the function does not ask for are problems.
  <T> T section(Function<Section, T> read) {
    Section section = new Section(key, shape, children(false), problems, isMapping());
    T result = read.apply(section);
    section.finish();
    return result;
  }

  /// Reads some keys of a section and says nothing of the others.
  <T> T part(Function<Section, T> read) {
    return read.apply(new Section(key, shape, children(false), problems, isMapping()));
  }

  /// Reads a section whose keys are names that the operator chose.
  <T> List<T> entries(BiFunction<String, Cursor, T> read) {
    List<T> result = new ArrayList<>();
    children(true).forEach((name, value) -> result.add(read.apply(name, value)));
    return List.copyOf(result);
  }

  /// Reads a list.
  <T> List<T> list(Function<Cursor, T> read) {
    if (!(node instanceof SequenceNode sequence)) {
      error("must be a list: [ A, B ]");
      return List.of();
    }
    List<T> result = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      String itemKey = key + "[" + (result.size() + 1) + "]";
      problems.remember(itemKey, item.getStartMark());
      result.add(
          read.apply(new Cursor(item, itemKey, shape + "[]", item.getStartMark(), problems)));
    }
    return List.copyOf(result);
  }

  /// A word, or any other scalar as it was written.
  String text() {
    if (!(node instanceof ScalarNode scalar)) {
      error("must be a word, not a section or a list");
      return "";
    }
    if (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isEmpty()) {
      error("has no value");
    } else if (scalar.getValue().chars().anyMatch(Character::isISOControl)) {
      error("has a control character or a second line");
    }
    return scalar.getValue();
  }

  /// A text that this function reads, which throws IllegalArgumentException with a sentence.
  <T> T parsed(Function<String, T> parse, T placeholder) {
    if (!isScalar() || is("")) {
      text();
      return placeholder;
    }
    try {
      return parse.apply(text());
    } catch (IllegalArgumentException malformed) {
      error(String.valueOf(malformed.getMessage()));
      return placeholder;
    }
  }

  boolean flag() {
    if (node instanceof ScalarNode && node.getTag().equals(Tag.BOOL)) {
      return is("true");
    }
    error("must be true or false");
    return false;
  }

  int number(int least, int most) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      String digits = scalar.getValue();
      if (digits.length() <= 9
          && Integer.parseInt(digits) >= least
          && Integer.parseInt(digits) <= most) {
        return Integer.parseInt(digits);
      }
    }
    error("must be a number from " + least + " to " + most);
    return least;
  }

  /// One of the words of an enumeration, in lower case; a word that is not built yet is named so.
  <E extends Enum<E>> E choice(Class<E> type) {
    List<E> all = Arrays.asList(type.getEnumConstants());
    String word = text();
    notBuilt(word);
    Optional<E> chosen = all.stream().filter(e -> word(e).equals(word)).findFirst();
    if (chosen.isEmpty() && !NotBuilt.value(shape, word) && isScalar() && !is("")) {
      List<String> words =
          all.stream().map(Cursor::word).filter(w -> !NotBuilt.value(shape, w)).toList();
      String message = "\"" + word + "\" is not one of " + String.join(", ", words);
      problems.error(key, message, Suggestion.of(word, words));
    }
    return chosen.orElse(all.getFirst());
  }

  /// Says so where this word is not built yet; returns whether it is not.
  boolean notBuilt(String word) {
    boolean notBuilt = NotBuilt.value(shape, word);
    if (notBuilt) {
      error(word + ": not built yet");
    }
    return notBuilt;
  }

  /// How the file writes a constant.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private boolean isMapping() {
    return node instanceof MappingNode;
  }

  /// The values of a section in the order of the file.
  ///
  /// @param named whether the operator chose the keys
  private Map<String, Cursor> children(boolean named) {
    Map<String, Cursor> children = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      error(is("") ? "has no value" : "must be a section: { KEY: VALUE }");
      return children;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Optional<Mark> place = tuple.getKeyNode().getStartMark();
      if (!(tuple.getKeyNode() instanceof ScalarNode name) || name.getValue().isEmpty()) {
        problems.error(place, key, "a key must be a word", Optional.empty());
      } else if (children.containsKey(name.getValue())) {
        problems.error(place, below(key, name.getValue()), "is there twice", Optional.empty());
      } else {
        children.put(name.getValue(), child(name, tuple.getValueNode(), named));
      }
    }
    return children;
  }

  private Cursor child(ScalarNode name, Node value, boolean named) {
    String childKey = below(key, name.getValue());
    problems.remember(childKey, (value instanceof ScalarNode ? value : name).getStartMark());
    return new Cursor(
        value,
        childKey,
        below(shape, named ? "*" : name.getValue()),
        name.getStartMark(),
        problems);
  }

  static String below(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }
}
