package packhorse.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads the small text files that a configuration names: secrets, keys, certificates. Stateless;
/// called when the configuration is read and when the proxy starts.
public final class TextFile {
  // No secret and no bundle of certificates is that large, but the file of a mistyped path may be.
  private static final int MAX_BYTES = 1024 * 1024;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private TextFile() {}

  /// Reads a UTF-8 file of at most 1 MiB, without the byte order mark that some editors write.
  ///
  /// @throws IllegalArgumentException if the file cannot be read as such; the message names it and
  ///   gives the reason, and does not repeat any of its text
  public static String read(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw unusable(file, "is not a regular file");
      }
      if (Files.size(file) > MAX_BYTES) throw unusable(file, "is larger than 1 MiB");
      byte[] bytes = Files.readAllBytes(file);
      if (isUtf16(bytes)) throw unusable(file, "is UTF-16 text; save it as UTF-8");
      ByteBuffer encoded = ByteBuffer.wrap(bytes);
      return withoutByteOrderMark(StandardCharsets.UTF_8.newDecoder().decode(encoded).toString());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("file " + file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("file " + file + " is not UTF-8 text", e);
    } catch (IOException e) {
      String reason = FileProblem.reason(e);
      throw new IllegalArgumentException("file " + file + " cannot be read: " + reason, e);
    }
  }

  /// Returns a text without the byte order mark at its beginning.
  public static String withoutByteOrderMark(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
  }

  private static IllegalArgumentException unusable(Path file, String problem) {
    return new IllegalArgumentException("file " + file + " " + problem);
  }

  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length < 2) return false;
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    return first == 0xfeff || first == 0xfffe;
  }
}
