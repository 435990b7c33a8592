package packhorse.exchange.call;

import java.util.List;
import java.util.Optional;
import packhorse.node.Node;
import packhorse.node.Route;

/// The record of an exchange: which node produced the response that a client received, what it was,
/// and how much of it the client received. Immutable.
///
/// @param route the last route that was taken
/// @param node the node that responded in the end
/// @param status the node's HTTP status
/// @param bytes the number of bytes of the body that the client received
/// @param failures the attempts at other nodes that failed before; the client was not told of them
/// @param result what the client received
/// @param interruption why the client did not receive the whole response; empty if it did
public record Answer(
    Route route,
    Node node,
    int status,
    long bytes,
    List<String> failures,
    AnswerResult result,
    Optional<Interruption> interruption) {
  public Answer {
    failures = List.copyOf(failures);
  }

  public Answer withFailures(List<String> other) {
    return new Answer(route, node, status, bytes, other, result, interruption);
  }

  /// Returns a copy of an answer that the client did not receive completely.
  public Answer interruptedBy(Interruption cause) {
    return new Answer(route, node, status, bytes, failures, result, Optional.of(cause));
  }
}
