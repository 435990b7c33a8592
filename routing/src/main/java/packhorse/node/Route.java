package packhorse.node;

import java.util.ArrayList;
import java.util.List;

/// The node for one exchange, who else could be asked, and why. Immutable.
///
/// @param nodes the chosen node first, then the alternates in the order in which they are tried;
///   never empty
/// @param repeatable whether an alternate may be asked after a node has seen the request
public record Route(List<Node> nodes, boolean repeatable, String why) {
  public Route {
    nodes = List.copyOf(nodes);
  }

  /// The same, beginning with the node that answered last: the rounds of one conversation stay
  /// where they are while that node is there.
  public Route staying(Node node) {
    List<Node> order = new ArrayList<>(List.of(node));
    nodes.stream().filter(other -> !other.equals(node)).forEach(order::add);
    return new Route(order, repeatable, why);
  }

  /// The same for another reason.
  public Route because(String reason) {
    return new Route(nodes, repeatable, reason);
  }

  /// The decision in words: {@code node-2 (read, its turn); else node-1 node-3}.
  public String describe() {
    var words = new StringBuilder(nodes.getFirst().name()).append(" (").append(why).append(')');
    if (nodes.size() > 1) words.append("; else");
    for (Node node : nodes.subList(1, nodes.size())) words.append(' ').append(node.name());
    return words.toString();
  }
}
