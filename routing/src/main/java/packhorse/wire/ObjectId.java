package packhorse.wire;

import java.util.HexFormat;

/// An object's name: 40 or 64 lower-case hexadecimal digits.
public record ObjectId(String hex) {

  private static final ObjectId ZERO_SHA1 = new ObjectId("0".repeat(40));
  private static final ObjectId ZERO_SHA256 = new ObjectId("0".repeat(64));

  /// @throws IllegalArgumentException when this is no object id
  public ObjectId {
    if (!isId(hex)) {
      throw new IllegalArgumentException("not an object id: " + WireText.quoted(hex));
    }
  }

  /// An id that came over the wire.
  ///
  /// @throws WireException when this is none
  public static ObjectId parse(String hex) throws WireException {
    if (!isId(hex)) {
      throw new WireException("not an object id: " + WireText.quoted(hex));
    }
    ObjectId zero = hex.length() == 40 ? ZERO_SHA1 : ZERO_SHA256;
    return hex.equals(zero.hex) ? zero : new ObjectId(hex);
  }

  /// The id that says "no object": all zeros.
  public static ObjectId zero(ObjectFormat format) {
    return format == ObjectFormat.SHA1 ? ZERO_SHA1 : ZERO_SHA256;
  }

  /// Whether a text is an object id of either format.
  public static boolean isId(String text) {
    return (text.length() == 40 || text.length() == 64) && hexDigits(text, 0, text.length());
  }

  static boolean hexDigits(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
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

  /// Whether all digits are zero: "no object", the old id of a created ref, the new one of a
  /// deleted ref.
  public boolean isZero() {
    for (int i = 0; i < hex.length(); i++) {
      if (hex.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  /// The 20 or 32 bytes.
  public byte[] raw() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
