package packhorse.wire;

/// Makes sentences of ours fit for the wire: UTF-8, without control characters, of bounded length.
/// Terminals print them as they are.
final class MessageText {

  private static final int LONGEST_LINE = 1_000;

  private MessageText() {}

  /// One line without its end, in wire form.
  static String line(String unicode) {
    StringBuilder line = new StringBuilder();
    unicode
        .codePoints()
        .limit(LONGEST_LINE)
        .forEach(c -> line.appendCodePoint(printable(c) ? c : ' '));
    return WireText.ofUnicode(line.toString().strip());
  }

  /// Lines, each with a LF behind it, in wire form.
  static String lines(String unicode) {
    StringBuilder lines = new StringBuilder();
    unicode.strip().lines().limit(100).forEach(line -> lines.append(line(line)).append('\n'));
    return lines.toString();
  }

  private static boolean printable(int c) {
    return !Character.isISOControl(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.SURROGATE;
  }
}
