package packhorse.placement;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A public name of the proxy and the pool behind it. Immutable.
///
/// @param url what HTTP clients call it
/// @param ssh the address that SSH clients call, {@code host:port}
/// @param aliases further URLs that mean this site
public record Site(String name, URI url, Optional<String> ssh, String pool, List<URI> aliases) {

  public Site {
    aliases = List.copyOf(aliases);
  }

  /// The URL of this site that a client meant by an authority; empty where it meant another site.
  /// Whoever says no port means the one that the configuration knows.
  Optional<URI> calledAs(String authority) {
    return Stream.concat(Stream.of(url), aliases.stream())
        .filter(known -> same(known, authority))
        .findFirst();
  }

  private static boolean same(URI known, String authority) {
    String name = known.getHost().toLowerCase(Locale.ROOT);
    return authority.equals(name) || authority.equals(name + ":" + port(known));
  }

  private static int port(URI known) {
    if (known.getPort() >= 0) return known.getPort();
    return known.getScheme().equals("https") ? 443 : 80;
  }
}
