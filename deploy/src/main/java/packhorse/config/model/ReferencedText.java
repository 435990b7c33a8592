package packhorse.config.model;

import java.nio.file.Path;
import packhorse.file.TextFile;

/// Reads the text behind a [Reference]. A secret is one line without white space at either end;
/// error messages never repeat any of it.
public final class ReferencedText {
  private ReferencedText() {}

  /// Reads the secret in a file, without one newline at its end.
  ///
  /// @throws IllegalArgumentException with a message that names the file
  public static String readSecret(Path file) {
    return singleLine(TextFile.read(file), "file " + file);
  }

  /// Checks that a text is a secret and returns it without one newline at its end.
  ///
  /// @param source what the text was read from, for the message
  /// @throws IllegalArgumentException with a message that names the source
  public static String singleLine(String text, String source) {
    String line = text;
    if (line.endsWith("\n")) {
      line = line.substring(0, line.length() - (line.endsWith("\r\n") ? 2 : 1));
    }
    if (line.isEmpty()) {
      throw new IllegalArgumentException(source + " is empty");
    }
    if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(source + " has more than one line");
    }
    if (!line.equals(line.strip())) {
      throw new IllegalArgumentException(source + " begins or ends with white space");
    }
    if (line.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(source + " contains a control character");
    }
    return line;
  }
}
