package packhorse.ssh;

import java.util.Optional;

/// Reads one word as a shell would, as far as git's quoting goes (`sq_quote_buf`): everything in
/// single quotes, with `\'` and `\!` between them; or a plain word that no shell would change.
final class ShellWord {
  private static final String PLAIN = "._/+@=,-";

  private ShellWord() {}

  /// The word, when the text is exactly one.
  static Optional<String> read(String text) {
    if (text.isEmpty()) return Optional.empty();
    return text.indexOf('\'') >= 0 ? quoted(text) : plain(text);
  }

  private static Optional<String> plain(String text) {
    boolean plain =
        text.chars()
            .allMatch(c -> (c < 0x80 && Character.isLetterOrDigit(c)) || PLAIN.indexOf(c) >= 0);
    return plain && !text.startsWith("-") ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> quoted(String text) {
    var word = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '\'') {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) return Optional.empty();
        word.append(text, at + 1, end);
        at = end + 1;
      } else if (text.startsWith("\\'", at) || text.startsWith("\\!", at)) {
        word.append(text.charAt(at + 1));
        at += 2;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(word.toString());
  }
}
