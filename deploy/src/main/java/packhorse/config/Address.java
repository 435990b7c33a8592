package packhorse.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A name or literal address, and a port: `git.example.org:22`, `0.0.0.0:443`, `[::]:443`.
///
/// @param name in lower case; an IPv6 address without its brackets
public record Address(String name, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,253}))(?::([0-9]{1,5}))?");

  /// Reads a name or literal address, and a port.
  ///
  /// @param defaultPort the port where the text says none; negative: it must say one
  /// @throws IllegalArgumentException with a sentence
  public static Address parse(String text, int defaultPort) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address; write NAME:PORT, 10.0.0.1:443 or [::]:443");
    }
    if (m.group(3) == null && defaultPort < 0) {
      throw new IllegalArgumentException("\"" + text + "\" says no port");
    }
    int port = m.group(3) == null ? defaultPort : Integer.parseInt(m.group(3));
    if (port > 65535) {
      throw new IllegalArgumentException("port " + port + " is out of range");
    }
    return new Address(Names.canonical(m.group(1), m.group(2), text), port);
  }

  /// Whether only this machine can reach it; a name other than `localhost` is never taken to be.
  public boolean loopback() {
    return Names.loopback(name);
  }

  @Override
  public String toString() {
    return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + port;
  }
}
