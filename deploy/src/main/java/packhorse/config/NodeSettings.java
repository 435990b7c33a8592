package packhorse.config;

import java.net.URI;

/// One git server.
///
/// @param origin where it listens
/// @param prefix what its paths begin with: empty, or `/` and segments, without a slash at the end
/// @param weight its share of the reads, 1 to 1000
public record NodeSettings(String name, Origin origin, String prefix, int weight) {

  /// Its whole URL.
  public URI http() {
    return URI.create(origin + prefix);
  }
}
