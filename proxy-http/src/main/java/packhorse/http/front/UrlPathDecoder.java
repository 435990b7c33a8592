package packhorse.http.front;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Decodes the path of a URL (RFC 3986 §2.1) once, and only if there is a single way to read it.
/// Stateless.
final class UrlPathDecoder {
  private static final int MAX_LENGTH = 8 * 1024;
  private static final String ALLOWED_PUNCTUATION = "-._~!$&'()*+,=:@";

  private UrlPathDecoder() {}

  /// Returns the path with its percent-encodings decoded, as Unicode.
  ///
  /// @throws RefusalException for a path that is not absolute, has characters that must be encoded
  ///   in a URL (here also `;` and a backslash), encodes what need not be encoded or what has a
  ///   meaning of its own (`/`, `\`, `%`, NUL), has an empty or a dot segment, or is not UTF-8
  static String decode(String rawPath) throws RefusalException {
    if (!rawPath.startsWith("/")) throw malformed("is not absolute");
    if (rawPath.length() > MAX_LENGTH) throw malformed("is too long");
    ByteBuffer bytes = ByteBuffer.allocate(rawPath.length());
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      if (c == '%') {
        bytes.put(decodeEscape(rawPath, i));
        i += 2;
      } else if (c == '/' || isLetterOrDigit(c) || ALLOWED_PUNCTUATION.indexOf(c) >= 0) {
        bytes.put((byte) c);
      } else {
        throw malformed("has " + PrintableText.character(c) + ", which must be percent-encoded");
      }
    }
    String path = decodeUtf8(bytes.flip());
    checkSegments(path);
    return path;
  }

  private static void checkSegments(String path) throws RefusalException {
    if (path.contains("//")) throw malformed("has an empty segment");
    for (String segment : path.split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) throw malformed("has a dot segment");
    }
  }

  private static byte decodeEscape(String rawPath, int index) throws RefusalException {
    boolean truncated = index + 2 >= rawPath.length();
    int high = truncated ? -1 : Character.digit(rawPath.charAt(index + 1), 16);
    int low = truncated ? -1 : Character.digit(rawPath.charAt(index + 2), 16);
    if (high < 0 || low < 0) throw malformed("has an invalid percent-encoding");
    int value = high << 4 | low;
    boolean unnecessary =
        isLetterOrDigit((char) value) || value == '-' || value == '.' || value == '_';
    boolean special = value == '/' || value == '\\' || value == '%' || value < ' ' || value == 0x7f;
    if (unnecessary || special) {
      String escape = rawPath.substring(index, index + 3);
      throw malformed("has the percent-encoding " + escape + ", which is not allowed");
    }
    return (byte) value;
  }

  private static String decodeUtf8(ByteBuffer bytes) throws RefusalException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw malformed("is not UTF-8");
    }
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static RefusalException malformed(String problem) {
    return new RefusalException(Refusal.malformed("the path of the URL " + problem));
  }
}
