package packhorse.config.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads the text behind a [Reference]. A secret is one line without white space at either end;
/// error messages never repeat any of it.
public final class ReferencedText {
  /// No secret and no bundle of certificates is that large, but the file of a mistyped path may be.
  private static final int MAX_FILE_BYTES = 1024 * 1024;

  private ReferencedText() {}

  /// Reads the secret in a file, without one newline at its end.
  ///
  /// @throws IllegalArgumentException with a message that names the file
  public static String readSecret(Path file) {
    return singleLine(readFile(file), "file " + file);
  }

  /// Reads the whole text of a file of at most 1 MiB.
  ///
  /// @throws IllegalArgumentException with a message that names the file
  public static String readFile(Path file) {
    try {
      if (!Files.isRegularFile(file) && Files.exists(file)) {
        throw new IllegalArgumentException("file " + file + " is not a regular file");
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new IllegalArgumentException("file " + file + " is larger than 1 MiB");
      }
      byte[] bytes = Files.readAllBytes(file);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("file " + file + " does not exist", missing);
    } catch (CharacterCodingException binary) {
      throw new IllegalArgumentException("file " + file + " is not UTF-8 text", binary);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("file " + file + " cannot be read", unreadable);
    }
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
