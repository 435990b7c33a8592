package packhorse.request;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Header lines in their order; names compare without case. Immutable.
public record Headers(List<Header> lines) implements Iterable<Header> {
  private static final Headers NONE = new Headers(List.of());

  public Headers {
    lines = List.copyOf(lines);
  }

  /// No line at all.
  public static Headers none() {
    return NONE;
  }

  /// The value of the first line of that name.
  public Optional<String> first(String name) {
    for (Header line : lines) if (line.named(name)) return Optional.of(line.value());
    return Optional.empty();
  }

  /// The values of all lines of that name, in order.
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (Header line : lines) if (line.named(name)) values.add(line.value());
    return List.copyOf(values);
  }

  /// These lines and one more at the end.
  public Headers with(String name, String value) {
    var more = new ArrayList<>(lines);
    more.add(new Header(name, value));
    return new Headers(more);
  }

  /// Those lines for which the predicate holds.
  public Headers only(Predicate<Header> kept) {
    List<Header> some = new ArrayList<>();
    for (Header line : lines) if (kept.test(line)) some.add(line);
    return new Headers(some);
  }

  @Override
  public Iterator<Header> iterator() {
    return lines.iterator();
  }
}
