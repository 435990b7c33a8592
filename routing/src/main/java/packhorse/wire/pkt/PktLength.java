package packhorse.wire.pkt;

import packhorse.wire.HexDigits;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;

/// Decodes and encodes the four hexadecimal digits that begin a pkt.
public final class PktLength {

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private PktLength() {}

  /// Decodes a pkt's length: 0, 1 or 2 for the special pkts, else the length including the four
  /// digits, from 4 to [WireLimits#PKT_BYTES].
  ///
  /// @throws WireException for anything else
  static int parse(byte[] header) throws WireException {
    int length = decode(header[0], header[1], header[2], header[3]);
    if (length < 0) {
      throw new WireException(
          "pkt length "
              + WireText.quoted(WireText.text(header))
              + " is not four hexadecimal digits");
    }
    if (!isValid(length)) {
      throw new WireException(
          "pkt length " + WireText.quoted(WireText.text(header)) + " is not allowed");
    }
    return length;
  }

  static boolean isValid(int length) {
    return length >= 0 && length != 3 && length <= WireLimits.PKT_BYTES;
  }

  /// The value of four digits of either case, or -1 when one of them is not a digit.
  static int decode(byte a, byte b, byte c, byte d) {
    int high = HexDigits.value(a) << 12 | HexDigits.value(b) << 8;
    int low = HexDigits.value(c) << 4 | HexDigits.value(d);
    return high < 0 || low < 0 ? -1 : high | low;
  }

  /// Writes the four digits of a length into an array at an offset.
  public static void encode(int length, byte[] target, int offset) {
    for (int i = 0; i < 4; i++) {
      target[offset + i] = DIGITS[length >> (12 - 4 * i) & 15];
    }
  }
}
