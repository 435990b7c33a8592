package packhorse.request;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The header lines of an HTTP message in their order. Field names are compared without regard to
/// case. Immutable.
public record Headers(List<Header> lines) implements Iterable<Header> {
  private static final Headers EMPTY = new Headers(List.of());

  public Headers {
    lines = List.copyOf(lines);
  }

  /// Headers without any line.
  public static Headers empty() {
    return EMPTY;
  }

  /// The value of the first line with that name.
  public Optional<String> firstValue(String name) {
    for (Header line : lines) if (line.hasName(name)) return Optional.of(line.value());
    return Optional.empty();
  }

  /// The values of all lines with that name, in order.
  public List<String> allValues(String name) {
    List<String> values = new ArrayList<>();
    for (Header line : lines) if (line.hasName(name)) values.add(line.value());
    return List.copyOf(values);
  }

  /// Returns these lines with one more at the end.
  public Headers plus(String name, String value) {
    var extended = new ArrayList<>(lines);
    extended.add(new Header(name, value));
    return new Headers(extended);
  }

  /// Returns the lines that match the predicate.
  public Headers filter(Predicate<Header> predicate) {
    List<Header> matching = new ArrayList<>();
    for (Header line : lines) if (predicate.test(line)) matching.add(line);
    return new Headers(matching);
  }

  @Override
  public Iterator<Header> iterator() {
    return lines.iterator();
  }
}
