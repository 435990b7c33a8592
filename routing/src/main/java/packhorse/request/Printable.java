package packhorse.request;

/// Makes what a client sent safe to show: in a log, on a terminal, in an answer. Used wherever such
/// text is put into ours.
public final class Printable {
  private static final int LIMIT = 200;

  private Printable() {}

  /// The text with every control and format character as {@code ?}, cut after 200 characters.
  public static String of(String text) {
    var out = new StringBuilder(Math.min(text.length(), LIMIT));
    int at = 0;
    for (int count = 0; at < text.length() && count < LIMIT; count++) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      out.appendCodePoint(visible(c) ? c : '?');
    }
    return at < text.length() ? out.append("...").toString() : out.toString();
  }

  /// A sentence of ours, whole: line breaks and tabs as blanks, every other control and format
  /// character as {@code ?}.
  public static String line(String sentence) {
    var out = new StringBuilder(sentence.length());
    sentence
        .codePoints()
        .map(c -> c == '\n' || c == '\t' ? ' ' : visible(c) ? c : '?')
        .forEach(out::appendCodePoint);
    return out.toString();
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
