package packhorse.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Selects nodes by smooth weighted round-robin: every node gets its share, and the turns of a node
/// with a large weight are spread out. Each instance counts its own turns. Called on any thread.
final class RoundRobin {
  private final Map<String, Long> currentWeights = new HashMap<>();

  /// Selects the next of the eligible nodes and counts its turn; empty if there are none.
  synchronized Optional<NodeHealth> next(List<NodeHealth> eligible) {
    long totalWeight = 0;
    NodeHealth selected = null;
    long highest = Long.MIN_VALUE;
    for (NodeHealth node : eligible) {
      long weight = node.effectiveWeight();
      totalWeight += weight;
      long current = currentWeights.merge(node.node().name(), weight, Long::sum);
      if (current > highest) {
        highest = current;
        selected = node;
      }
    }
    if (selected == null) return Optional.empty();
    currentWeights.merge(selected.node().name(), -totalWeight, Long::sum);
    return Optional.of(selected);
  }
}
