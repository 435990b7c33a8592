package packhorse.request;

import java.util.regex.Pattern;

/// A pattern over names with slashes: {@code *} stands for one segment or a part of one, {@code **}
/// for any number of segments. Immutable; used by placement and policy rules.
public final class Glob {
  private final String text;
  private final Pattern pattern;

  /// @param text as the configuration spells it: {@code acme/**}
  public Glob(String text) {
    this.text = text;
    this.pattern = Pattern.compile(regex(text), Pattern.DOTALL);
  }

  /// Whether the whole name fits.
  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }

  /// Whether every name fits.
  public boolean matchesAll() {
    return text.equals("**");
  }

  @Override
  public String toString() {
    return text;
  }

  private static String regex(String text) {
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '*') {
        out.append(Pattern.quote(String.valueOf(c)));
      } else if (text.startsWith("**", i)) {
        out.append(".*");
        i++;
      } else {
        out.append("[^/]*");
      }
    }
    return out.toString();
  }
}
