package packhorse.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Text as it stands on the wire: a string with one char for each byte (ISO-8859-1).
///
/// Ref names are bytes in git, mostly but not always UTF-8. Decoding them as UTF-8 would make one
/// string of two different names (every malformed byte becomes the same replacement), and a rule
/// could be passed under another ref's name. One char for each byte loses nothing, compares as
/// bytes do, and is written back unchanged. Text from a configuration must be brought into this
/// form with [#ofUnicode] before it is compared; text for people goes through [#toUnicode] or
/// [#quoted].
public final class WireText {

  private static final int QUOTED_CHARS = 120;

  private WireText() {}

  /// The bytes of a text in wire form; a char above 255 is a programming error.
  ///
  /// @throws IllegalArgumentException when the text holds a char that is no byte
  public static byte[] bytes(String wireText) {
    for (int i = 0; i < wireText.length(); i++) {
      if (wireText.charAt(i) > 0xff) {
        throw new IllegalArgumentException("not in wire form: " + quoted(wireText));
      }
    }
    return wireText.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Bytes as a text in wire form.
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// A text as people write it (a glob of the configuration) in wire form: its UTF-8 bytes.
  public static String ofUnicode(String unicode) {
    return text(unicode.getBytes(StandardCharsets.UTF_8));
  }

  /// A text in wire form as people read it: as UTF-8 where it is that, else unchanged. Never
  /// compare the result.
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

  /// A text in wire form between double quotes, cut at 120 chars, with everything but printable
  /// ASCII as `\xNN`.
  public static String quoted(String wireText) {
    StringBuilder quoted = new StringBuilder("\"");
    int shown = Math.min(wireText.length(), QUOTED_CHARS);
    for (int i = 0; i < shown; i++) {
      char c = wireText.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        quoted.append(c);
      } else {
        quoted.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
      }
    }
    return quoted.append(shown < wireText.length() ? "\"..." : "\"").toString();
  }
}
