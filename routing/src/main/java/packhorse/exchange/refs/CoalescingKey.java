package packhorse.exchange.refs;

import java.util.List;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.node.NodeRequest;
import packhorse.policy.Permit;
import packhorse.request.Headers;

/// Everything on which a node's response to a request for a ref advertisement can depend: the bytes
/// that the node would receive, and the nodes that could be tried. Requests with equal keys may
/// share one response. Requests with different credentials, or under which the node sees different
/// names, have different keys. Immutable.
///
/// @param headers without the request's id, on which no response depends; and, where the proxy
///   decides who may read, without the client's address, which matters only to a node that decides
///   itself
record CoalescingKey(
    String pool,
    List<String> nodes,
    String method,
    String target,
    String host,
    Headers headers,
    NodeRequest.Body body) {

  CoalescingKey {
    nodes = List.copyOf(nodes);
  }

  static CoalescingKey of(Permit permit, NodeRequest request) {
    boolean proxyDecides = NodeRequestFactory.proxyDecidesAccess(permit);
    return new CoalescingKey(
        permit.placement().pool().name(),
        permit.placement().nodeNames(),
        request.method(),
        request.target(),
        request.host(),
        NodeRequestFactory.relevantHeaders(request.headers(), proxyDecides),
        request.body());
  }
}
