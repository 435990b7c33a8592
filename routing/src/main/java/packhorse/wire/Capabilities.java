package packhorse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An immutable list of capabilities in the order in which they were sent. Each entry is a name, or
/// a name, `=` and a value: `thin-pack`, `agent=git/2.55.0`. In v2 each capability has a line of
/// its own and its value may contain spaces (`fetch=shallow filter`).
public record Capabilities(List<String> entries) {

  public static final Capabilities NONE = new Capabilities(List.of());

  public Capabilities {
    entries = List.copyOf(entries);
  }

  /// Parses a list that is separated by white space. White space is what it is for C git
  /// (`isspace`), so that both see the same entries.
  public static Capabilities parse(String text) {
    List<String> entries = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isSpace(text.charAt(i))) {
        if (i > start) {
          entries.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return new Capabilities(entries);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /// Whether the capability is in the list, with or without a value.
  public boolean has(String name) {
    return value(name).isPresent();
  }

  /// The first value of a capability; an empty text for a capability without a value.
  public Optional<String> value(String name) {
    for (String entry : entries) {
      if (isNamed(entry, name)) return Optional.of(valueOf(entry, name));
    }
    return Optional.empty();
  }

  /// All values of a capability that may be repeated, such as `symref` and `server-option`.
  public List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (String entry : entries) if (isNamed(entry, name)) values.add(valueOf(entry, name));
    return List.copyOf(values);
  }

  /// The value of the capability `object-format`; empty when it is not in the list.
  ///
  /// @throws WireException when the value is not a known object format
  public Optional<ObjectFormat> objectFormat() throws WireException {
    Optional<String> value = value("object-format");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Optional<ObjectFormat> format = ObjectFormat.of(value.get());
    if (format.isEmpty()) {
      throw new WireException("unknown object format " + WireText.quoted(value.get()));
    }
    return format;
  }

  /// This list without the capabilities of these names.
  public Capabilities without(String... names) {
    List<String> excluded = List.of(names);
    return new Capabilities(
        entries.stream().filter(entry -> !excluded.contains(nameOf(entry))).toList());
  }

  /// This list followed by those of the given entries that it does not have yet.
  public Capabilities plus(String... more) {
    List<String> all = new ArrayList<>(entries);
    for (String entry : more) if (!all.contains(entry)) all.add(entry);
    return new Capabilities(all);
  }

  /// The part of an entry before its `=`.
  public static String nameOf(String entry) {
    int equals = entry.indexOf('=');
    return equals < 0 ? entry : entry.substring(0, equals);
  }

  /// The entries separated by single spaces, as v0 writes them.
  public String text() {
    return String.join(" ", entries);
  }

  private static boolean isNamed(String entry, String name) {
    return entry.startsWith(name)
        && (entry.length() == name.length() || entry.charAt(name.length()) == '=');
  }

  private static String valueOf(String entry, String name) {
    return entry.length() == name.length() ? "" : entry.substring(name.length() + 1);
  }
}
