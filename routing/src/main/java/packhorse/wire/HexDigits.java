package packhorse.wire;

/// Hexadecimal digits as git writes them.
final class HexDigits {

  private HexDigits() {}

  /// The value of a digit of either case, or -1.
  static int value(byte c) {
    int upper = c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    return upper < 0 ? lower(c) : upper;
  }

  /// The value of a digit in lower case, or -1.
  static int lower(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  /// How many digits in lower case stand here, up to the end of the bytes.
  static int count(byte[] text, int from, int to) {
    int at = from;
    while (at < to && lower(text[at]) >= 0) {
      at++;
    }
    return at - from;
  }
}
