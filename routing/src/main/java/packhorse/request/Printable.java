package packhorse.request;

/// Makes what a client sent safe to show: in a log, on a terminal, in an answer. Used wherever such
/// text is put into ours.
public final class Printable {
  private static final int LIMIT = 200;

  private Printable() {}

  /// The text with every control and format character as {@code ?}, cut after 200 characters.
  public static String of(String text) {
    var out = new StringBuilder(Math.min(text.length(), LIMIT));
    int count = 0;
    for (int i = 0; i < text.length() && count < LIMIT; count++) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(visible(c) ? c : '?');
    }
    return count == LIMIT ? out.append("...").toString() : out.toString();
  }

  private static boolean visible(int c) {
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
