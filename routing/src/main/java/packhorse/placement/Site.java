package packhorse.placement;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// A public name of the proxy and the pool behind it. Immutable.
///
/// @param url the URL that HTTP clients use
/// @param sshAddress the address that SSH clients use, `host:port`
/// @param aliases further URLs of this site
public record Site(
    String name, URI url, Optional<String> sshAddress, String poolName, List<URI> aliases) {

  public Site {
    aliases = List.copyOf(aliases);
  }

  /// The URL of this site that has exactly this authority (`host[:port]`, lower case). The default
  /// port of the URL's scheme may be present or absent.
  Optional<URI> urlWithAuthority(String authority) {
    return find(candidate -> {
      String host = host(candidate);
      int port = port(candidate);
      boolean isDefaultPort = port == defaultPort(candidate);
      return authority.equals(host + ":" + port) || (isDefaultPort && authority.equals(host));
    });
  }

  /// The URL of this site that has this host name, whatever its port.
  Optional<URI> urlWithHost(String host) {
    return find(candidate -> host(candidate).equals(host));
  }

  private Optional<URI> find(Predicate<URI> predicate) {
    if (predicate.test(url)) return Optional.of(url);
    for (URI alias : aliases) if (predicate.test(alias)) return Optional.of(alias);
    return Optional.empty();
  }

  // URI.getHost() returns null for a host name that contains an underscore
  private static String host(URI url) {
    String authority = url.getAuthority().toLowerCase(Locale.ROOT);
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static int port(URI url) {
    String authority = url.getAuthority();
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']'))
      return Integer.parseInt(authority, colon + 1, authority.length(), 10);
    return defaultPort(url);
  }

  private static int defaultPort(URI url) {
    return url.getScheme().equals("https") ? 443 : 80;
  }
}
