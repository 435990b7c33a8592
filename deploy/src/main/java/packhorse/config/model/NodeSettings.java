package packhorse.config.model;

import java.net.URI;

/// A Git server of a pool.
///
/// @param origin the scheme, host and port of its URL
/// @param pathPrefix the beginning of all its paths: empty, or `/` and segments, without a slash at
///   the end
/// @param weight its share of the reads, 1 to 1000
public record NodeSettings(String name, Origin origin, String pathPrefix, int weight) {

  /// The node's whole URL.
  public URI url() {
    return URI.create(origin + pathPrefix);
  }
}
