package packhorse.config.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A public name of the proxy and the pool behind it.
///
/// @param name `default` if the file has `public-url`
/// @param url the public URL, without a path
/// @param ssh the public SSH address; empty if clients are told no SSH address
/// @param aliases further URLs of the same site
/// @param pool the pool of the repositories that no placement rule matches
public record SiteSettings(
    String name, Origin url, Optional<Address> ssh, List<Origin> aliases, String pool) {

  /// The public URL, followed by the aliases.
  public List<Origin> urls() {
    return Stream.concat(Stream.of(url), aliases.stream()).toList();
  }
}
