package packhorse.config.model;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The scheme, host and port of an HTTP URL: of a site's public URL, or of a node's URL. Immutable.
///
/// @param secure whether the scheme is https
/// @param host the host name or literal IP address in lower case; an IPv6 address without its
///   brackets
/// @param port the port; the scheme's default port if the URL has none
public record Origin(boolean secure, String host, int port) {
  private static final Pattern FORM = Pattern.compile("(?i)(https?)://([^/?#]*)(/*)([^\\s]*)");

  /// Parses `https://git.example.org` or `http://10.0.0.11:3000`; slashes at the end are dropped.
  ///
  /// @throws IllegalArgumentException with a message for the operator, for any other text and for a
  ///   URL with a path
  public static Origin parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a valid URL; use https://NAME or http://NAME:PORT");
    }
    String scheme = m.group(1);
    String authority = m.group(2);
    String path = m.group(4);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("a URL must not contain a user name or a password here");
    }
    if (!path.isEmpty()) {
      throw new IllegalArgumentException(
          "a URL with a path is not supported; use \"" + scheme + "://" + authority + "\"");
    }
    boolean secure = scheme.toLowerCase(Locale.ROOT).equals("https");
    Address address = Address.parse(authority, secure ? 443 : 80);
    if (address.port() == 0) {
      throw new IllegalArgumentException("port 0 is out of range");
    }
    return new Origin(secure, address.host(), address.port());
  }

  /// Whether the host is a loopback address or the name `localhost`. Other names are not resolved.
  public boolean isLoopback() {
    return HostNames.isLoopback(host);
  }

  /// Returns the URL as a URI.
  public URI uri() {
    return URI.create(toString());
  }

  /// Returns the URL without a slash at the end. The port is left out if it is the scheme's
  /// default.
  @Override
  public String toString() {
    String scheme = secure ? "https" : "http";
    String printedHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + "://" + printedHost + (port == (secure ? 443 : 80) ? "" : ":" + port);
  }
}
