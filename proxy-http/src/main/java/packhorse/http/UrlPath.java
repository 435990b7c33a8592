package packhorse.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Decodes the path of a URL (RFC 3986 §2.1), once, and only where there is one way to read it.
final class UrlPath {
  private static final int LONGEST = 8 * 1024;
  private static final String PLAIN = "-._~!$&'()*+,=:@";

  private UrlPath() {}

  /// The path with its percent signs resolved, as Unicode.
  ///
  /// @throws Refused for a path that is not absolute, holds bytes that URLs spell otherwise (also
  ///   `;` and a backslash), encodes what needs none or what has a meaning of its own (`/`, `\`,
  ///   `%`, NUL), has an empty or a dot part, or is not UTF-8
  static String decode(String raw) throws Refused {
    if (!raw.startsWith("/")) throw malformed("not being absolute");
    if (raw.length() > LONGEST) throw malformed("its length");
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.put(escaped(raw, i));
        i += 2;
      } else if (c == '/' || letterOrDigit(c) || PLAIN.indexOf(c) >= 0) {
        bytes.put((byte) c);
      } else {
        throw malformed("a character");
      }
    }
    return checked(text(bytes.flip()));
  }

  private static String checked(String path) throws Refused {
    if (path.contains("//")) throw malformed("an empty part");
    for (String part : path.split("/", -1)) {
      if (part.equals(".") || part.equals("..")) throw malformed("a dot part");
    }
    return path;
  }

  private static byte escaped(String raw, int at) throws Refused {
    int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) throw malformed("a broken escape");
    int value = high << 4 | low;
    boolean pointless = letterOrDigit((char) value) || value == '-' || value == '.' || value == '_';
    boolean meaningful =
        value == '/' || value == '\\' || value == '%' || value < ' ' || value == 0x7f;
    if (pointless || meaningful) throw malformed("an escape");
    return (byte) value;
  }

  private static String text(ByteBuffer bytes) throws Refused {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw malformed("not being UTF-8");
    }
  }

  private static boolean letterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static Refused malformed(String why) {
    return new Refused(Refusal.malformed("the path of the URL is refused for " + why));
  }
}
