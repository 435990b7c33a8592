package packhorse.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A public name of the proxy and the pool behind it.
///
/// @param name `default` where the file says `public-url`
/// @param url the public URL, without a path
/// @param ssh the public SSH address; empty: none is told to anybody
/// @param aliases further URLs of the same site
/// @param pool the pool of what no placement rule names
public record SiteSettings(
    String name, Origin url, Optional<Address> ssh, List<Origin> aliases, String pool) {

  /// The public URL, then the aliases.
  public List<Origin> urls() {
    return Stream.concat(Stream.of(url), aliases.stream()).toList();
  }
}
