package packhorse.request;

import packhorse.wire.WireText;

/// Makes text that may come from a client safe to show in a log, on a terminal or in a response.
/// Used wherever such text becomes part of a message of the proxy.
public final class PrintableText {
  private static final int MAX_LENGTH = 200;
  private static final int MAX_NAME_LENGTH = 1000;

  private PrintableText() {}

  /// Returns the text with every control and format character replaced by `?`, truncated to 200
  /// characters.
  public static String of(String text) {
    var out = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
    int next = 0;
    for (int count = 0; next < text.length() && count < MAX_LENGTH; count++) {
      int c = text.codePointAt(next);
      next += Character.charCount(c);
      out.appendCodePoint(isPrintable(c) ? c : '?');
    }
    return next < text.length() ? out.append("...").toString() : out.toString();
  }

  /// Returns a name that is bytes in git, such as that of a ref, for records and messages. Nothing
  /// is lost, so that two names never look the same: a backslash is doubled, and what is not
  /// printable is written as the bytes `\xNN`; in a name that is not valid UTF-8, that is every
  /// byte above 127. Only what exceeds 1000 characters is cut off.
  ///
  /// @param wireText the name in wire form, see [WireText]
  public static String ofName(String wireText) {
    String unicode = WireText.toUnicode(wireText);
    boolean utf8 = WireText.ofUnicode(unicode).equals(wireText);
    var out = new StringBuilder(unicode.length());
    unicode
        .codePoints()
        .limit(MAX_NAME_LENGTH)
        .forEach(c -> {
          if (c == '\\') {
            out.append("\\\\");
          } else if (c < 0x80 ? c >= ' ' && c < 0x7f : utf8 && isPrintable(c)) {
            out.appendCodePoint(c);
          } else {
            String character = Character.toString(c);
            byte[] bytes = WireText.bytes(utf8 ? WireText.ofUnicode(character) : character);
            for (byte b : bytes) out.append("\\x%02x".formatted(b & 0xff));
          }
        });
    boolean cut = unicode.codePointCount(0, unicode.length()) > MAX_NAME_LENGTH;
    return cut ? out.append("...").toString() : out.toString();
  }

  /// Names a single character: `'&'`, or `U+200B` for one that cannot be shown, or `'ﬁ' (U+FB01)`
  /// for one that can be mistaken for another.
  public static String character(int codePoint) {
    String number = "U+%04X".formatted(codePoint);
    if (codePoint > ' ' && codePoint < 0x7f) return "'" + (char) codePoint + "'";
    boolean visible = isPrintable(codePoint) && !isSpaceOrMark(codePoint);
    return visible ? "'" + Character.toString(codePoint) + "' (" + number + ")" : number;
  }

  private static boolean isSpaceOrMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  /// Returns the whole text as one line: line breaks and tabs become blanks, every other control
  /// and format character becomes `?`.
  public static String singleLine(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\n' || c == '\t' ? ' ' : isPrintable(c) ? c : '?')
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
