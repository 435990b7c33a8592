package packhorse.exchange;

import java.util.List;
import packhorse.node.NodeCall;
import packhorse.policy.Permit;
import packhorse.request.Headers;

/// A question for a list of refs, as far as the node's answer can depend on it: two requests with
/// equal questions may be given one answer. That is what the node would hear, byte for byte, and
/// which nodes would be asked. So whoever shows another credential, or is named to the node by
/// another name, asks another question. Immutable.
///
/// @param headers without the request's id, which no answer depends on; and, where it is we who
///   decide who may read, without the client's address, which only a node that decides itself could
///   look at
record Question(
    String pool,
    List<String> nodes,
    String method,
    String target,
    String host,
    Headers headers,
    NodeCall.Body body) {

  Question {
    nodes = List.copyOf(nodes);
  }

  static Question of(Permit permit, NodeCall call) {
    boolean ours = NodeCalls.decidedHere(permit);
    return new Question(
        permit.pool(),
        permit.nodes(),
        call.method(),
        call.target(),
        call.host(),
        NodeCalls.asked(call.headers(), ours),
        call.body());
  }
}
