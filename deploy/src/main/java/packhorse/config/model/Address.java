package packhorse.config.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A host name or literal IP address, and a port: `git.example.org:22`, `0.0.0.0:443`, `[::]:443`.
///
/// @param host the host name or literal IP address in lower case; an IPv6 address without its
///   brackets
public record Address(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,253}))(?::([0-9]{1,5}))?");

  private static final Pattern PORT_ALONE = Pattern.compile("[0-9]{1,5}");

  /// Parses a host name or literal IP address, and a port.
  ///
  /// @param defaultPort the port if the text has none; negative if the text must have one
  /// @throws IllegalArgumentException with a message for the operator
  public static Address parse(String text, int defaultPort) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a valid address; use NAME:PORT, 10.0.0.1:443 or [::]:443");
    }
    String portDigits = m.group(3);
    if (PORT_ALONE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is a port without a host; use 127.0.0.1:" + text + " or [::]:" + text);
    }
    if (portDigits == null && defaultPort < 0) {
      throw new IllegalArgumentException("\"" + text + "\" has no port");
    }
    int port = portDigits == null ? defaultPort : Integer.parseInt(portDigits);
    if (port > 65535) {
      throw new IllegalArgumentException("port " + port + " is out of range");
    }
    return new Address(HostNames.canonical(m.group(1), m.group(2), text), port);
  }

  /// Whether the host is a loopback address or the name `localhost`, so that only this machine can
  /// reach it. Other names are not resolved.
  public boolean isLoopback() {
    return HostNames.isLoopback(host);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
