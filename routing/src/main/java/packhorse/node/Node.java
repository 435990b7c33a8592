package packhorse.node;

import java.net.URI;

/// One running git server behind us, as the configuration names it. Immutable.
///
/// @param http its address, scheme and path prefix included
/// @param weight its share of the reads, at least 1
public record Node(String name, String pool, URI http, int weight) {}
