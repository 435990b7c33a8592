package packhorse.wire;

import java.util.HexFormat;

/// The name of a git object: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
public record ObjectId(String hex) {

  private static final ObjectId ZERO_SHA1 = new ObjectId("0".repeat(40));
  private static final ObjectId ZERO_SHA256 = new ObjectId("0".repeat(64));

  /// @throws IllegalArgumentException when the text is not an object id
  public ObjectId {
    if (!isId(hex)) {
      throw new IllegalArgumentException("not an object id: " + WireText.quoted(hex));
    }
  }

  /// Parses an id that was received.
  ///
  /// @throws WireException when the text is not an object id
  public static ObjectId parse(String hex) throws WireException {
    if (!isId(hex)) {
      throw new WireException("not an object id: " + WireText.quoted(hex));
    }
    ObjectId zero = hex.length() == 40 ? ZERO_SHA1 : ZERO_SHA256;
    return hex.equals(zero.hex) ? zero : new ObjectId(hex);
  }

  /// Whether a text is an object id of either object format.
  public static boolean isId(String text) {
    return (text.length() == 40 || text.length() == 64) && isLowerCaseHex(text);
  }

  private static boolean isLowerCaseHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  public ObjectFormat format() {
    return hex.length() == 40 ? ObjectFormat.SHA1 : ObjectFormat.SHA256;
  }

  /// Whether all digits are zero. This id stands for "no object": it is the old id of a ref that is
  /// created and the new id of a ref that is deleted.
  public boolean isZero() {
    for (int i = 0; i < hex.length(); i++) {
      if (hex.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  /// The id in binary: 20 or 32 bytes.
  public byte[] raw() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
