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
import packhorse.node.Silence;
import packhorse.policy.Permit;
import packhorse.request.Refused;

/// Asks the nodes of a route in turn until one answers: unseen by the client, which has heard
/// nothing of any yet. A write is asked again only where no node can have seen any of it. Whoever
/// asks closes what it gets.
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
    return ask(permit, route, call, answer -> false, Silence.borne());
  }

  /// The same, where another node may know better.
  ///
  /// @param elsewhere whether an answer is better asked for at another node, where there is one; if
  ///   no other node knows better, it is the answer all the same
  /// @param silence what is done while a node is asked and says nothing
  Asked ask(
      Permit permit, Route route, NodeCall call, Predicate<NodeAnswer> elsewhere, Silence silence)
      throws Refused, ClientGone {
    return ask(permit, route, call, new Judging(elsewhere, true), silence);
  }

  /// Asks for something that need not be git's: a file, a preflight.
  Asked askAnything(Permit permit, Route route, NodeCall call) throws Refused, ClientGone {
    return ask(permit, route, call, new Judging(answer -> false, false), Silence.borne());
  }

  /// Which answers are good enough.
  ///
  /// @param git whether an answer is to be git's
  private record Judging(Predicate<NodeAnswer> elsewhere, boolean git) {}

  private Asked ask(Permit permit, Route route, NodeCall call, Judging judging, Silence silence)
      throws Refused, ClientGone {
    try (Attempts attempts = new Attempts(route, nodes)) {
      for (Node node : route.nodes()) {
        try {
          NodeAnswer answer = link.ask(new PermittedCall(permit, node, call), silence);
          if (!attempts.begun(answer, judging.git(), silence)) continue;
          boolean good = answer.status() < 500 && !judging.elsewhere().test(answer);
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
