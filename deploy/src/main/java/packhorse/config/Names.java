package packhorse.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names and literal addresses of machines. Nothing here ever asks DNS.
final class Names {
  /// Four decimal numbers, or anything with two colons: Java reads `10.1` and `010.0.0.1` too, and
  /// not everybody reads them alike.
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]+");

  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

  private Names() {}

  /// The one spelling of a name: lower case, no dot at the end, addresses as Java prints them.
  static String canonical(@Nullable String v6, @Nullable String nameOrV4, String text) {
    String name = (v6 != null ? v6 : String.valueOf(nameOrV4)).toLowerCase(Locale.ROOT);
    if (v6 != null || NUMERIC.matcher(name).matches()) {
      return literal(name)
          .map(Names::print)
          .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" has no valid address"));
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /// The address that the text spells out; empty for a name.
  static Optional<InetAddress> literal(String name) {
    if (!FORM.matcher(name).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(name));
    } catch (IllegalArgumentException noLiteral) {
      return Optional.empty();
    }
  }

  /// An address as people write it: the longest run of zeros of an IPv6 address is `::` (RFC 5952).
  static String print(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    String[] groups = address.getHostAddress().split(":");
    int start = 0;
    int length = 0;
    for (int i = 0; i < groups.length; i++) {
      int end = i;
      while (end < groups.length && groups[end].equals("0")) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    if (length < 2) {
      return String.join(":", groups);
    }
    List<String> all = List.of(groups);
    return String.join(":", all.subList(0, start))
        + "::"
        + String.join(":", all.subList(start + length, groups.length));
  }

  static boolean loopback(String name) {
    return name.equals("localhost")
        || literal(name).map(InetAddress::isLoopbackAddress).orElse(false);
  }
}
