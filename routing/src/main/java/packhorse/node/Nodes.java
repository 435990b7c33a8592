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
  private final Map<Key, NodeHealth> byName = new LinkedHashMap<>();

  // two pools may use one name
  private record Key(String pool, String name) {}

  /// @param thresholds of a pool
  /// @param nanoTime a clock that never goes back
  public Nodes(List<Node> nodes, Function<String, Thresholds> thresholds, LongSupplier nanoTime) {
    for (Node node : nodes) {
      byName.put(
          new Key(node.pool(), node.name()),
          new NodeHealth(node, thresholds.apply(node.pool()), nanoTime));
    }
  }

  public NodeHealth health(Node node) {
    return named(node.pool(), node.name())
        .orElseThrow(() -> new IllegalArgumentException("no node \"" + node.name() + "\""));
  }

  /// The node of that name in that pool.
  Optional<NodeHealth> named(String pool, String name) {
    return Optional.ofNullable(byName.get(new Key(pool, name)));
  }

  public Collection<NodeHealth> all() {
    return byName.values();
  }
}
