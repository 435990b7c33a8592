package packhorse.wire;

/// Decodes hexadecimal digits as git writes them.
public final class HexDigits {

  private HexDigits() {}

  /// The value of a digit of either case, or -1 for any other byte.
  public static int value(byte c) {
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : lowerCaseValue(c);
  }

  /// The value of a decimal digit or a lower-case letter, or -1 for any other byte.
  static int lowerCaseValue(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  /// The number of consecutive lower-case digits that begin at `from`, not looking beyond `to`.
  public static int countLowerCase(byte[] text, int from, int to) {
    int end = from;
    while (end < to && lowerCaseValue(text[end]) >= 0) {
      end++;
    }
    return end - from;
  }
}
