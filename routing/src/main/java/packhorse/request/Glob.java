package packhorse.request;

import java.util.ArrayList;
import java.util.List;

/// A pattern over names with slashes: {@code *} stands for one segment or a part of one, {@code **}
/// for any number of segments; at the end of a pattern for one at least. So {@code **}{@code /app}
/// fits {@code app}, and {@code acme/**} does not fit {@code acme}. Immutable; used by placement
/// and policy rules. Names come from clients: matching takes at most the product of both lengths.
public final class Glob {
  private static final String ANY = "**";

  private final String text;
  private final List<String> segments;

  /// @param text as the configuration spells it: {@code acme/**}
  public Glob(String text) {
    this.text = text;
    List<String> parts = new ArrayList<>(List.of(text.split("/", -1)));
    if (parts.size() > 1 && parts.getLast().equals(ANY)) parts.add("*");
    this.segments = List.copyOf(parts);
  }

  /// Whether the whole name fits.
  public boolean matches(String name) {
    return fits(segments, List.of(name.split("/", -1)));
  }

  /// Whether every name fits.
  public boolean matchesAll() {
    return text.equals(ANY);
  }

  @Override
  public String toString() {
    return text;
  }

  // the last ** takes one segment more each time that what follows it does not fit; those before it
  // need never be looked at again
  private static boolean fits(List<String> pattern, List<String> name) {
    int at = 0;
    int any = -1;
    int taken = 0;
    for (int i = 0; i < name.size(); ) {
      if (at < pattern.size() && pattern.get(at).equals(ANY)) {
        any = at++;
        taken = i;
      } else if (at < pattern.size() && fits(pattern.get(at), name.get(i))) {
        at++;
        i++;
      } else if (any >= 0) {
        at = any + 1;
        i = ++taken;
      } else {
        return false;
      }
    }
    while (at < pattern.size() && pattern.get(at).equals(ANY)) at++;
    return at == pattern.size();
  }

  // the same within a segment, where a * takes characters
  private static boolean fits(String pattern, String segment) {
    int at = 0;
    int star = -1;
    int taken = 0;
    for (int i = 0; i < segment.length(); ) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        taken = i;
      } else if (at < pattern.length() && pattern.charAt(at) == segment.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++taken;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') at++;
    return at == pattern.length();
  }
}
