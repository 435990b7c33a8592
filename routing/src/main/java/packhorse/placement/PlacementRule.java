package packhorse.placement;

import java.util.List;
import java.util.Optional;
import packhorse.request.Glob;

/// One rule of the configuration's `placement` list: assigns the repositories that match a pattern
/// to a pool.
///
/// @param nodeNames the nodes of the pool that have these repositories; empty means all of them
/// @param readOnlyReason the message with which writes are refused; empty if writes are allowed
public record PlacementRule(
    Glob pattern, String poolName, List<String> nodeNames, Optional<String> readOnlyReason) {
  public PlacementRule {
    nodeNames = List.copyOf(nodeNames);
  }
}
