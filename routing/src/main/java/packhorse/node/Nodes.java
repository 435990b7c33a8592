package packhorse.node;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// All nodes of all pools, with their health. The set of nodes is fixed; their health changes.
/// Called on any thread.
public final class Nodes {
  private final Map<NodeKey, NodeHealth> healthByKey = new LinkedHashMap<>();

  // Two pools may each have a node of the same name.
  private record NodeKey(String pool, String name) {}

  /// @param thresholds the thresholds of a pool, by its name
  /// @param nanoTime a monotonic clock
  public Nodes(
      List<Node> nodes, Function<String, HealthThresholds> thresholds, LongSupplier nanoTime) {
    for (Node node : nodes) {
      healthByKey.put(
          new NodeKey(node.pool(), node.name()),
          new NodeHealth(node, thresholds.apply(node.pool()), nanoTime));
    }
  }

  /// Returns the health of a node.
  ///
  /// @throws IllegalArgumentException if the node is not in this set
  public NodeHealth health(Node node) {
    return find(node.pool(), node.name())
        .orElseThrow(() -> new IllegalArgumentException("no node \"" + node.name() + "\""));
  }

  /// Finds a node by the name of its pool and its own name.
  Optional<NodeHealth> find(String pool, String name) {
    return Optional.ofNullable(healthByKey.get(new NodeKey(pool, name)));
  }

  /// Whether another node of the same pool is up.
  public boolean hasOtherUp(Node node) {
    return healthByKey.values().stream()
        .anyMatch(other ->
            other.node().pool().equals(node.pool())
                && !other.node().name().equals(node.name())
                && other.state() == NodeState.UP);
  }

  public Collection<NodeHealth> all() {
    return healthByKey.values();
  }
}
