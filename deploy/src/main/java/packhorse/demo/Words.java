package packhorse.demo;

import java.util.regex.Pattern;

/// Words of a shell's command line.
final class Words {
  private static final Pattern PLAIN = Pattern.compile("[\\w./:@=+-]+");

  private Words() {}

  /// The word as it is when the shell leaves it alone, else between quotes.
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
