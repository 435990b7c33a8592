package packhorse.node;

import java.util.List;
import java.util.stream.Collectors;

/// The node for one exchange, who else could be asked, and why. Immutable.
///
/// @param nodes the chosen node first, then the alternates in the order in which they are tried;
///   never empty
/// @param repeatable whether an alternate may be asked after a node has seen the request
public record Route(List<Node> nodes, boolean repeatable, String why) {
  public Route {
    nodes = List.copyOf(nodes);
  }

  /// The decision in words: {@code node-2 (read, its turn); else node-1 node-3}.
  public String describe() {
    String others = nodes.stream().skip(1).map(Node::name).collect(Collectors.joining(" "));
    String chosen = nodes.getFirst().name() + " (" + why + ")";
    return others.isEmpty() ? chosen : chosen + "; else " + others;
  }
}
