package packhorse.exchange;

import java.util.function.Predicate;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.Nodes;
import packhorse.node.PermittedCall;
import packhorse.node.Route;
import packhorse.policy.Permit;
import packhorse.request.Refused;

/// Asks the nodes of a route in turn until one answers: unseen by the client, which has heard
/// nothing yet. A write is asked again only where no node can have seen any of it. Whoever asks
/// closes what it gets.
final class Asking {
  private final NodeLink link;
  private final Nodes nodes;

  Asking(NodeLink link, Nodes nodes) {
    this.link = link;
    this.nodes = nodes;
  }

  /// Asks for an answer of git's: a page in its place is the node's failure.
  ///
  /// @throws Refused when no node answered
  Asked ask(Permit permit, Route route, NodeCall call) throws Refused, ClientGone {
    return ask(permit, route, call, answer -> false);
  }

  /// The same, where another node may know better.
  ///
  /// @param elsewhere whether an answer is better asked for at another node, where there is one; if
  ///   no other node knows better, it is the answer all the same
  Asked ask(Permit permit, Route route, NodeCall call, Predicate<NodeAnswer> elsewhere)
      throws Refused, ClientGone {
    return ask(permit, route, call, elsewhere, true);
  }

  /// Asks for something that need not be git's: a file, a preflight.
  Asked askAnything(Permit permit, Route route, NodeCall call) throws Refused, ClientGone {
    return ask(permit, route, call, answer -> false, false);
  }

  private Asked ask(
      Permit permit, Route route, NodeCall call, Predicate<NodeAnswer> elsewhere, boolean git)
      throws Refused, ClientGone {
    try (Attempts attempts = new Attempts(route, nodes)) {
      for (Node node : route.nodes()) {
        try {
          NodeAnswer answer = link.ask(new PermittedCall(permit, node, call));
          if (!attempts.begun(answer, git)) continue;
          boolean good = answer.status() < 500 && !elsewhere.test(answer);
          if (good || !route.repeatable()) return attempts.taken(answer);
          attempts.keep(answer);
        } catch (NodeFailure failure) {
          attempts.failed(failure);
          if (failure.sent() && !route.repeatable()) break;
        }
      }
      return attempts.best();
    }
  }
}
