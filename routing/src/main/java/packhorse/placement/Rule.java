package packhorse.placement;

import java.util.List;
import java.util.Optional;
import packhorse.request.Glob;

/// One line of the configuration's {@code placement}: repositories that match live in that pool, on
/// those of its nodes.
///
/// @param nodes empty: all nodes of the pool
/// @param readOnly why nobody writes there, if nobody does
public record Rule(Glob match, String pool, List<String> nodes, Optional<String> readOnly) {
  public Rule {
    nodes = List.copyOf(nodes);
  }
}
