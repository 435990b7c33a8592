package packhorse.node;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// All nodes of all pools with their health. The set is fixed; health changes. Called on any
/// thread.
public final class Nodes {
  private final Map<String, NodeHealth> byName = new LinkedHashMap<>();

  /// @param thresholds of a pool
  /// @param nanoTime a clock that never goes back
  public Nodes(List<Node> nodes, Function<String, Thresholds> thresholds, LongSupplier nanoTime) {
    for (Node node : nodes) {
      byName.put(node.name(), new NodeHealth(node, thresholds.apply(node.pool()), nanoTime));
    }
  }

  public NodeHealth health(Node node) {
    return named(node.name())
        .orElseThrow(() -> new IllegalArgumentException("no node \"" + node.name() + "\""));
  }

  public Optional<NodeHealth> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<NodeHealth> all() {
    return byName.values();
  }
}
