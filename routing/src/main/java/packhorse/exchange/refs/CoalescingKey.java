package packhorse.exchange.refs;

import java.util.List;
import java.util.Optional;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;

/// A request for a ref advertisement as far as the node's response can depend on it: who asks, for
/// what, and the nodes that could be tried. Requests with equal keys may share one response.
/// Immutable.
///
/// @param gitProtocol the value of `Git-Protocol`
record CoalescingKey(
    RepositoryAsker asker,
    List<String> nodes,
    String host,
    String target,
    Optional<String> gitProtocol,
    NodeRequest.Body body) {

  CoalescingKey {
    nodes = List.copyOf(nodes);
  }

  static CoalescingKey of(PermittedRoutes routes, NodeRequest request) {
    return new CoalescingKey(
        routes.asker(),
        routes.nodeNames(),
        request.host(),
        request.target(),
        request.headers().firstValue("Git-Protocol"),
        request.body());
  }
}
