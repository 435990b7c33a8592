package packhorse.placement;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// A public name of the proxy and the pool behind it. Immutable.
///
/// @param url what HTTP clients call it
/// @param ssh the address that SSH clients call, {@code host:port}
/// @param aliases further URLs that mean this site
public record Site(String name, URI url, Optional<String> ssh, String pool, List<URI> aliases) {

  public Site {
    aliases = List.copyOf(aliases);
  }

  /// The URL of this site that has exactly this authority; a port that is the scheme's own may be
  /// said or not.
  Optional<URI> calledAs(String authority) {
    return known(url -> {
      String name = nameOf(url);
      boolean usual = portOf(url) == (secure(url) ? 443 : 80);
      return authority.equals(name + ":" + portOf(url)) || (usual && authority.equals(name));
    });
  }

  /// The URL of this site that has this name, whatever its port.
  Optional<URI> named(String name) {
    return known(url -> nameOf(url).equals(name));
  }

  private Optional<URI> known(Predicate<URI> which) {
    if (which.test(url)) return Optional.of(url);
    for (URI alias : aliases) if (which.test(alias)) return Optional.of(alias);
    return Optional.empty();
  }

  // not getHost(), which knows no name with an underscore
  private static String nameOf(URI url) {
    String authority = url.getAuthority().toLowerCase(Locale.ROOT);
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static int portOf(URI url) {
    String authority = url.getAuthority();
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']'))
      return Integer.parseInt(authority, colon + 1, authority.length(), 10);
    return secure(url) ? 443 : 80;
  }

  private static boolean secure(URI url) {
    return url.getScheme().equals("https");
  }
}
