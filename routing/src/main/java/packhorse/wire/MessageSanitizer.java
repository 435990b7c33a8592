package packhorse.wire;

/// Prepares messages of the proxy for the wire: UTF-8, without control characters and of bounded
/// length, because git prints them on a terminal as they are.
public final class MessageSanitizer {

  private static final int MAX_LINE_LENGTH = 1_000;
  private static final int MAX_LINES = 100;

  private MessageSanitizer() {}

  /// The message as one line without a LF, in wire form (see [WireText]). Control characters become
  /// spaces.
  public static String sanitizeLine(String unicode) {
    StringBuilder line = new StringBuilder();
    unicode
        .codePoints()
        .limit(MAX_LINE_LENGTH)
        .forEach(c -> line.appendCodePoint(isPrintable(c) ? c : ' '));
    return WireText.ofUnicode(line.toString().strip());
  }

  /// The lines of the message, each with a LF, in wire form.
  public static String sanitizeLines(String unicode) {
    StringBuilder lines = new StringBuilder();
    unicode
        .strip()
        .lines()
        .limit(MAX_LINES)
        .forEach(line -> lines.append(sanitizeLine(line)).append('\n'));
    return lines.toString();
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.SURROGATE;
  }
}
