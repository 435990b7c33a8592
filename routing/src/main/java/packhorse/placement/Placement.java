package packhorse.placement;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Where a repository lives. Says nothing about whether it exists.
///
/// @param calledAs the site's URL that this client used, for the node's Host and for links
/// @param nodes the nodes that may have it, in the pool's order
/// @param readOnly why nobody writes to it, if nobody does
public record Placement(
    Site site, URI calledAs, Pool pool, List<String> nodes, Optional<String> readOnly) {
  public Placement {
    nodes = List.copyOf(nodes);
  }
}
