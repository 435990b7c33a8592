package packhorse.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The text of secrets: one line, without blanks at either end. Messages never repeat any of it.
final class SecretText {
  /// No secret and no bundle of certificates is as large; a wrong path may be.
  private static final int LIMIT = 1024 * 1024;

  private SecretText() {}

  /// The secret in a file, less one newline at its end.
  ///
  /// @throws IllegalArgumentException with a sentence that names the file
  static String read(Path file) {
    return oneLine(file(file), "file " + file);
  }

  /// The secret in a file; empty where [#read] would throw.
  static Optional<String> find(Path file) {
    try {
      return Optional.of(read(file));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /// The whole text of a small file.
  ///
  /// @throws IllegalArgumentException with a sentence that names the file
  static String file(Path file) {
    try {
      if (!Files.isRegularFile(file) && Files.exists(file)) {
        throw new IllegalArgumentException("file " + file + " is no file");
      }
      if (Files.size(file) > LIMIT) {
        throw new IllegalArgumentException("file " + file + " is larger than 1 MiB");
      }
      byte[] bytes = Files.readAllBytes(file);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("file " + file + " does not exist", missing);
    } catch (CharacterCodingException binary) {
      throw new IllegalArgumentException("file " + file + " is no text", binary);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("file " + file + " cannot be read", unreadable);
    }
  }

  /// Checks a secret from anywhere.
  static String oneLine(String text, String where) {
    String line = text;
    if (line.endsWith("\n")) {
      line = line.substring(0, line.length() - (line.endsWith("\r\n") ? 2 : 1));
    }
    if (line.isEmpty()) {
      throw new IllegalArgumentException(where + " is empty");
    }
    if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(where + " has more than one line");
    }
    if (!line.equals(line.strip())) {
      throw new IllegalArgumentException(where + " begins or ends with a blank");
    }
    if (line.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(where + " has a control character");
    }
    return line;
  }
}
