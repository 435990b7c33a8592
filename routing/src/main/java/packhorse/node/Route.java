package packhorse.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The node that was selected for one exchange, the alternates, and the reason. Immutable.
///
/// @param nodes the selected node first, then the alternates in the order in which they are tried;
///   never empty
/// @param retryable whether an alternate may be tried after a node has received the request
/// @param reason why the node was selected, as it stands in audit records
public record Route(List<Node> nodes, boolean retryable, String reason) {
  public Route {
    nodes = List.copyOf(nodes);
  }

  /// Returns a copy that begins with the given node. All rounds of a conversation stay on the node
  /// that answered the last one, as long as that node is up.
  public Route preferring(Node node) {
    List<Node> reordered = new ArrayList<>(List.of(node));
    nodes.stream().filter(other -> !other.equals(node)).forEach(reordered::add);
    return new Route(reordered, retryable, reason);
  }

  /// Returns a copy in which a node that is slow to answer is the last alternate.
  public Route deferring(Node node) {
    List<Node> reordered = new ArrayList<>(nodes);
    if (!reordered.remove(node)) return this;
    reordered.add(node);
    return new Route(reordered, retryable, reason + ", because " + node.name() + " was silent");
  }

  /// Returns a copy without a node that has failed; empty if no other node may be tried.
  public Optional<Route> without(Node node) {
    List<Node> others = nodes.stream().filter(other -> !other.equals(node)).toList();
    return retryable && !others.isEmpty()
        ? Optional.of(new Route(others, true, reason))
        : Optional.empty();
  }

  /// Returns a copy with another reason.
  public Route withReason(String reason) {
    return new Route(nodes, retryable, reason);
  }

  /// Describes the route in words: `node-2 (read, its turn); else node-1 node-3`.
  public String describe() {
    var text = new StringBuilder(nodes.getFirst().name()).append(" (").append(reason).append(')');
    if (nodes.size() > 1) text.append("; else");
    for (Node node : nodes.subList(1, nodes.size())) text.append(' ').append(node.name());
    return text.toString();
  }
}
