package packhorse.config;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Scheme, name and port of an HTTP URL: what clients call a site, or where a node listens.
///
/// @param secure https
/// @param name in lower case; an IPv6 address without its brackets
/// @param port the scheme's own where the URL says none
public record Origin(boolean secure, String name, int port) {
  private static final Pattern FORM = Pattern.compile("(?i)(https?)://([^/?#]*)(/*)([^\\s]*)");

  /// Reads `https://git.example.org` or `http://10.0.0.11:3000`; slashes at the end are dropped.
  ///
  /// @throws IllegalArgumentException with a sentence, for anything else and for a path
  public static Origin parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no URL; write https://NAME or http://NAME:PORT");
    }
    if (m.group(2).indexOf('@') >= 0) {
      throw new IllegalArgumentException("a URL here has no user and no password");
    }
    if (!m.group(4).isEmpty()) {
      throw new IllegalArgumentException(
          "a path is not supported: write \"" + m.group(1) + "://" + m.group(2) + "\"");
    }
    boolean secure = m.group(1).toLowerCase(Locale.ROOT).equals("https");
    Address address = Address.parse(m.group(2), secure ? 443 : 80);
    if (address.port() == 0) {
      throw new IllegalArgumentException("port 0 is out of range");
    }
    return new Origin(secure, address.name(), address.port());
  }

  /// Whether it is on this machine; a name other than `localhost` is never taken to be.
  public boolean loopback() {
    return Names.loopback(name);
  }

  /// The same as a URI.
  public URI uri() {
    return URI.create(toString());
  }

  /// The URL, with its port unless that is the scheme's own, without a slash at the end.
  @Override
  public String toString() {
    String scheme = secure ? "https" : "http";
    String shown = name.indexOf(':') >= 0 ? "[" + name + "]" : name;
    return scheme + "://" + shown + (port == (secure ? 443 : 80) ? "" : ":" + port);
  }
}
