package packhorse.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.Nodes;
import packhorse.node.Route;
import packhorse.policy.Permit;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Asks the nodes of a route in turn until one answers: unseen by the client, which has heard
/// nothing yet. A write is asked again only where no node can have seen any of it.
final class Asking {
  private final NodeLink link;
  private final Nodes nodes;

  Asking(NodeLink link, Nodes nodes) {
    this.link = link;
    this.nodes = nodes;
  }

  Asked ask(Permit permit, Route route, NodeCall call) throws Refused, ClientGone {
    return ask(permit, route, call, answer -> false);
  }

  /// @param elsewhere whether an answer is better asked for at another node, where there is one
  /// @throws Refused when no node answered, or one answered with a page
  Asked ask(Permit permit, Route route, NodeCall call, Predicate<NodeAnswer> elsewhere)
      throws Refused, ClientGone {
    List<String> failures = new ArrayList<>();
    for (Node node : route.nodes()) {
      boolean last = node.equals(route.nodes().getLast());
      try {
        NodeAnswer answer = begun(link.ask(permit, node, call));
        boolean broken = answer.status() >= 500;
        if (last || !route.repeatable() || !(broken || elsewhere.test(answer))) {
          if (!broken) nodes.health(node).answered();
          return new Asked(route, answer, failures);
        }
        if (broken) nodes.health(node).failed("status " + answer.status());
        failures.add("node \"" + node.name() + "\": status " + answer.status());
        answer.close();
      } catch (NodeFailure failure) {
        nodes.health(node).failed(failure.getMessage());
        failures.add(failure.getMessage());
        if (last || !(route.repeatable() || !failure.sent())) throw refused(failure, failures);
      }
    }
    throw new IllegalStateException("a route without nodes");
  }

  // the first byte decides: until it is here, another node can be asked
  private static NodeAnswer begun(NodeAnswer answer) throws NodeFailure {
    if (answer.status() != 200) return answer;
    try {
      answer.peek();
    } catch (NodeFailure e) {
      answer.close();
      throw e;
    }
    String type = answer.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith("text/html")) return answer;
    answer.close();
    throw new NodeFailure(answer.node(), true, "answered with a page", null);
  }

  private static Refused refused(NodeFailure failure, List<String> failures) {
    String rule = String.join("; ", failures);
    String node = failure.node().name();
    return failure.sent()
        ? new Refused(
            new Refusal(
                Refusal.Kind.NODE_FAILED, "the node " + node + " did not answer with git", rule))
        : new Refused(
            new Refusal(Refusal.Kind.NODE_DOWN, "the node " + node + " cannot be reached", rule));
  }
}
