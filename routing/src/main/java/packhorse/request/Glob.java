package packhorse.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A pattern for names that consist of segments separated by slashes. `*` matches any characters
/// within one segment, `**` matches any number of segments; at the end of a pattern, `**` matches
/// at least one. So `**/app` matches `app`, and `acme/**` does not match `acme`. Used by placement
/// and policy rules; immutable.
///
/// Names are chosen by clients, so matching takes time proportional to at most the product of the
/// lengths of pattern and name.
public final class Glob {
  private static final String ANY_SEGMENTS = "**";

  private final String text;
  private final List<String> segments;
  private final List<String> lowerCaseSegments;

  /// @param text the pattern as the configuration has it, such as `acme/**`
  public Glob(String text) {
    this.text = text;
    List<String> parts = new ArrayList<>(List.of(text.split("/", -1)));
    if (parts.size() > 1 && parts.getLast().equals(ANY_SEGMENTS)) parts.add("*");
    this.segments = List.copyOf(parts);
    this.lowerCaseSegments = parts.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList();
  }

  /// Whether the pattern matches the whole name.
  public boolean matches(String name) {
    return matches(segments, List.of(name.split("/", -1)));
  }

  /// Whether the pattern, in lower case, matches the whole name.
  ///
  /// @param name in lower case
  public boolean matchesLowerCase(String name) {
    return matches(lowerCaseSegments, List.of(name.split("/", -1)));
  }

  /// Whether the pattern matches every name.
  public boolean matchesEverything() {
    return text.equals(ANY_SEGMENTS);
  }

  @Override
  public String toString() {
    return text;
  }

  // Backtracks to the last ** only, which then takes one segment more: an earlier ** never has to
  // be reconsidered.
  private static boolean matches(List<String> pattern, List<String> name) {
    int p = 0;
    int lastWildcard = -1;
    int taken = 0;
    for (int n = 0; n < name.size(); ) {
      if (p < pattern.size() && pattern.get(p).equals(ANY_SEGMENTS)) {
        lastWildcard = p++;
        taken = n;
      } else if (p < pattern.size() && matches(pattern.get(p), name.get(n))) {
        p++;
        n++;
      } else if (lastWildcard >= 0) {
        p = lastWildcard + 1;
        n = ++taken;
      } else {
        return false;
      }
    }
    while (p < pattern.size() && pattern.get(p).equals(ANY_SEGMENTS)) p++;
    return p == pattern.size();
  }

  // The same algorithm within one segment, where * takes characters.
  private static boolean matches(String pattern, String segment) {
    int p = 0;
    int lastWildcard = -1;
    int taken = 0;
    for (int s = 0; s < segment.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        lastWildcard = p++;
        taken = s;
      } else if (p < pattern.length() && pattern.charAt(p) == segment.charAt(s)) {
        p++;
        s++;
      } else if (lastWildcard >= 0) {
        p = lastWildcard + 1;
        s = ++taken;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') p++;
    return p == pattern.length();
  }
}
