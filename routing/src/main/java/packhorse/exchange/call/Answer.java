package packhorse.exchange.call;

import java.util.List;
import java.util.Optional;
import packhorse.node.Node;
import packhorse.node.Route;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;

/// The record of an exchange: which node produced the response that a client received, and how much
/// of it the client received. Immutable.
///
/// @param route the last route that was taken
/// @param node the node that responded in the end
/// @param status the node's HTTP status
/// @param bytes the number of bytes of the body that the client received
/// @param failures the attempts at other nodes that failed before; the client was not told of them
/// @param push the commands of a push; empty if there were none
/// @param report the node's report on the push; empty if there was none that could be read
public record Answer(
    Route route,
    Node node,
    int status,
    long bytes,
    List<String> failures,
    Optional<Push> push,
    Optional<PushReport> report) {
  public Answer {
    failures = List.copyOf(failures);
  }
}
