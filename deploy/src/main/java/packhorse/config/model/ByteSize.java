package packhorse.config.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes, written `4GiB`, `100MiB`, `64KiB` or `512`.
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(B|KiB|MiB|GiB|TiB)?");

  /// Parses a number and a unit.
  ///
  /// @throws IllegalArgumentException with a message for the operator, for any other text, for zero
  ///   and for more than 2^63-1 bytes
  public static ByteSize parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a valid size; use 512, 64KiB, 100MiB, 4GiB or 1TiB");
    }
    long number = Long.parseLong(m.group(1));
    long factor = factor(m.group(2) == null ? "B" : m.group(2));
    if (number == 0 || number > Long.MAX_VALUE / factor) {
      throw new IllegalArgumentException("\"" + text + "\" is out of range");
    }
    return new ByteSize(number * factor);
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "KiB" -> 1L << 10;
      case "MiB" -> 1L << 20;
      case "GiB" -> 1L << 30;
      case "TiB" -> 1L << 40;
      default -> 1;
    };
  }

  /// The size in the largest unit of which it is a multiple.
  @Override
  public String toString() {
    for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
      if (bytes % factor(unit) == 0) {
        return bytes / factor(unit) + unit;
      }
    }
    return Long.toString(bytes);
  }
}
