package packhorse.config.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parses and formats host names and literal IP addresses. Nothing here queries DNS.
public final class HostNames {
  /// Four decimal numbers, or anything with two colons. Java also accepts `10.1` and `010.0.0.1`,
  /// but other programs read them differently.
  private static final Pattern LITERAL_FORM =
      Pattern.compile(
          "(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]+");

  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

  private HostNames() {}

  /// Returns the canonical form of a host: lower case, without a dot at the end, an address as
  /// [#format] prints it.
  ///
  /// @param v6 the literal IPv6 address, or null if the host is in `nameOrV4`
  /// @param text the whole text, for the message
  /// @throws IllegalArgumentException with a message for the operator, if it is a malformed address
  static String canonical(@Nullable String v6, @Nullable String nameOrV4, String text) {
    String host = (v6 != null ? v6 : String.valueOf(nameOrV4)).toLowerCase(Locale.ROOT);
    if (v6 != null || NUMERIC.matcher(host).matches()) {
      return parseAddress(host)
          .map(HostNames::format)
          .orElseThrow(
              () -> new IllegalArgumentException("\"" + text + "\" has no valid IP address"));
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /// Parses a literal IP address; empty for a name.
  public static Optional<InetAddress> parseAddress(String host) {
    if (!LITERAL_FORM.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException notLiteral) {
      return Optional.empty();
    }
  }

  /// Formats an address, with the longest run of zero groups of an IPv6 address as `::` (RFC 5952).
  public static String format(InetAddress address) {
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

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || parseAddress(host).map(InetAddress::isLoopbackAddress).orElse(false);
  }
}
