package packhorse.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Converts between bytes and text in *wire form*: a string with one char for each byte
/// (ISO-8859-1).
///
/// Ref names are bytes in git, mostly but not always UTF-8. Decoding them as UTF-8 could turn two
/// different names into the same string (every malformed byte becomes the same replacement
/// character), and a ref could pass a rule under the name of another one. One char for each byte
/// loses nothing, compares as bytes do, and is written back unchanged. Text from the configuration
/// must be converted with [#ofUnicode] before it is compared; text that people read is converted
/// with [#toUnicode] or [#quoted].
public final class WireText {

  private static final int MAX_QUOTED_CHARS = 120;

  private WireText() {}

  /// Returns the bytes of a text in wire form, one for each char.
  ///
  /// @throws IllegalArgumentException when the text has a char above 255, which is a programming
  ///   error
  public static byte[] bytes(String wireText) {
    for (int i = 0; i < wireText.length(); i++) {
      if (wireText.charAt(i) > 0xff) {
        throw new IllegalArgumentException("not in wire form: " + quoted(wireText));
      }
    }
    return wireText.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Returns the text in wire form that has these bytes.
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// Converts a Unicode text, such as a ref pattern of the configuration, to wire form: one char
  /// for each byte of its UTF-8 encoding.
  public static String ofUnicode(String unicode) {
    return text(unicode.getBytes(StandardCharsets.UTF_8));
  }

  /// Converts a text in wire form for people to read: decoded as UTF-8 where it is valid UTF-8,
  /// else unchanged. The result must not be compared with other names.
  public static String toUnicode(String wireText) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(wireText)))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return wireText;
    }
  }

  /// Returns a text between double quotes, for messages and logs. Bytes that are not printable
  /// ASCII are written as `\xNN`; double quotes and backslashes are escaped. Only the first 120
  /// chars are kept; `...` after the quotes shows that there were more. A char above 255, which is
  /// not in wire form, is written with four hex digits.
  public static String quoted(String wireText) {
    StringBuilder quoted = new StringBuilder("\"");
    int length = Math.min(wireText.length(), MAX_QUOTED_CHARS);
    for (int i = 0; i < length; i++) {
      char c = wireText.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        quoted.append(c);
      } else {
        quoted.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
      }
    }
    return quoted.append(length < wireText.length() ? "\"..." : "\"").toString();
  }
}
