package packhorse.ssh;

import java.util.Optional;

/// Reads one word of a shell's command line, in the forms that git writes (`sq_quote_buf`): text in
/// single quotes, with `\'` and `\!` between the quoted parts; or a plain word, in which no
/// character has a meaning to a shell and which does not begin with a dash, as an option would.
final class ShellWord {
  private static final String PLAIN_PUNCTUATION = "._/+@=,-";

  private ShellWord() {}

  /// Returns the word without its quotes; empty when the text is not exactly one word.
  static Optional<String> parse(String text) {
    if (text.isEmpty()) return Optional.empty();
    return text.indexOf('\'') >= 0 ? parseQuoted(text) : parsePlain(text);
  }

  private static Optional<String> parsePlain(String text) {
    boolean plain =
        text.chars()
            .allMatch(c ->
                (c < 0x80 && Character.isLetterOrDigit(c)) || PLAIN_PUNCTUATION.indexOf(c) >= 0);
    return plain && !text.startsWith("-") ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> parseQuoted(String text) {
    var word = new StringBuilder();
    int position = 0;
    while (position < text.length()) {
      if (text.charAt(position) == '\'') {
        int end = text.indexOf('\'', position + 1);
        if (end < 0) return Optional.empty();
        word.append(text, position + 1, end);
        position = end + 1;
      } else if (text.startsWith("\\'", position) || text.startsWith("\\!", position)) {
        word.append(text.charAt(position + 1));
        position += 2;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(word.toString());
  }
}
