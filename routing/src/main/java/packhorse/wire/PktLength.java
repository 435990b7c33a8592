package packhorse.wire;

/// The four hexadecimal digits in front of a pkt.
final class PktLength {

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private PktLength() {}

  /// 0, 1 or 2 for the special pkts, else the length with its four digits: 4 to [Limits#PKT].
  static int parse(byte[] header) throws WireException {
    int length = value(header[0], header[1], header[2], header[3]);
    if (length < 0) {
      throw new WireException(
          "pkt length "
              + WireText.quoted(WireText.text(header))
              + " is not four hexadecimal digits");
    }
    if (!valid(length)) {
      throw new WireException(
          "pkt length " + WireText.quoted(WireText.text(header)) + " is not allowed");
    }
    return length;
  }

  static boolean valid(int length) {
    return length >= 0 && length != 3 && length <= Limits.PKT;
  }

  /// The value of four digits of either case, or -1.
  static int value(byte a, byte b, byte c, byte d) {
    int high = HexDigits.value(a) << 12 | HexDigits.value(b) << 8;
    int low = HexDigits.value(c) << 4 | HexDigits.value(d);
    return high < 0 || low < 0 ? -1 : high | low;
  }

  static void write(int length, byte[] to, int offset) {
    for (int i = 0; i < 4; i++) {
      to[offset + i] = DIGITS[length >> (12 - 4 * i) & 15];
    }
  }
}
