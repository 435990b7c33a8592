package packhorse.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Smooth weighted round-robin: every node gets its share, and the turns of a heavy node are spread
/// out. One object counts one kind of turn. Called on any thread.
final class RoundRobin {
  private final Map<String, Long> credit = new HashMap<>();

  /// The node whose turn it is among these; the turn counts.
  synchronized Optional<NodeHealth> next(List<NodeHealth> eligible) {
    long total = 0;
    NodeHealth best = null;
    long most = Long.MIN_VALUE;
    for (NodeHealth node : eligible) {
      long share = node.share();
      total += share;
      long now = credit.merge(node.node().name(), share, Long::sum);
      if (now > most) {
        most = now;
        best = node;
      }
    }
    if (best == null) return Optional.empty();
    credit.merge(best.node().name(), -total, Long::sum);
    return Optional.of(best);
  }
}
