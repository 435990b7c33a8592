package packhorse.node;

import java.net.URI;

/// A running git server behind the proxy, as the configuration describes it. Immutable.
///
/// @param http the node's base URL: scheme, authority and path prefix
/// @param weight the node's share of the reads, relative to other nodes; at least 1
public record Node(String name, String pool, URI http, int weight) {}
