package packhorse.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Capability words in the order they came: `thin-pack`, `agent=git/2.55.0`. In v2 each stands on a
/// line of its own and its value may hold spaces (`fetch=shallow filter`).
public record Capabilities(List<String> words) {

  public static final Capabilities NONE = new Capabilities(List.of());

  public Capabilities {
    words = List.copyOf(words);
  }

  public static Capabilities of(String... words) {
    return new Capabilities(List.of(words));
  }

  /// Words separated by white space, as C git reads them (`isspace`), so that both see the same
  /// words.
  public static Capabilities parse(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isSpace(text.charAt(i))) {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return new Capabilities(words);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /// Whether the capability is there, with or without a value.
  public boolean has(String name) {
    return value(name).isPresent();
  }

  /// The first value of a capability; an empty text where it stands without one.
  public Optional<String> value(String name) {
    for (String word : words) if (names(word, name)) return Optional.of(valueOf(word, name));
    return Optional.empty();
  }

  /// All values of a capability that may be there several times, like `symref` and `server-option`.
  public List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (String word : words) if (names(word, name)) values.add(valueOf(word, name));
    return List.copyOf(values);
  }

  /// The words inside a capability's value: what v2 says behind `fetch=`.
  public Capabilities within(String name) {
    return value(name).map(Capabilities::parse).orElse(NONE);
  }

  /// Without the capabilities that have one of these names.
  public Capabilities without(String... names) {
    List<String> unwanted = List.of(names);
    return keep(word -> !unwanted.contains(nameOf(word)));
  }

  /// With more words at the end.
  public Capabilities with(String... more) {
    return and(new Capabilities(List.of(more)));
  }

  /// Those and these, each word once.
  public Capabilities and(Capabilities more) {
    if (more.words.isEmpty()) {
      return this;
    }
    List<String> all = new ArrayList<>(words);
    Collection<String> seen = new HashSet<>(words);
    more.words.stream().filter(seen::add).forEach(all::add);
    return new Capabilities(all);
  }

  /// The words that a test accepts.
  public Capabilities keep(Predicate<String> test) {
    List<String> kept = new ArrayList<>();
    for (String word : words) if (test.test(word)) kept.add(word);
    return new Capabilities(kept);
  }

  /// The part of a word before its `=`.
  public static String nameOf(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }

  /// The words with one space between, as v0 writes them.
  public String text() {
    return String.join(" ", words);
  }

  private static boolean names(String word, String name) {
    return word.startsWith(name)
        && (word.length() == name.length() || word.charAt(name.length()) == '=');
  }

  private static String valueOf(String word, String name) {
    return word.length() == name.length() ? "" : word.substring(name.length() + 1);
  }
}
