package packhorse.exchange.call;

import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.node.Node;
import packhorse.node.NodeResponse;
import packhorse.node.Route;

/// The record of an exchange: which node produced the response that a client received, what it was,
/// and how much of it the client received. Immutable.
///
/// @param route the last route that was taken
/// @param node the node that responded in the end
/// @param status the node's HTTP status
/// @param bytes the number of bytes of the body that the client received
/// @param attempts the attempts at other nodes before; the client was not told of them
/// @param result what the client received
/// @param listAge whether a list of refs that the client received may lack the last changes
/// @param interruption why the client did not receive the whole response; empty if it did
public record Answer(
    Route route,
    Node node,
    int status,
    long bytes,
    List<Attempt> attempts,
    AnswerResult result,
    ListAge listAge,
    Optional<Interruption> interruption) {
  public Answer {
    attempts = List.copyOf(attempts);
  }

  /// An attempt at a node whose response the client did not get.
  ///
  /// @param description what happened, in words for the operator
  /// @param lacked whether the node only lacks an object that was wanted, as a replica does that
  ///   lags; otherwise it failed
  public record Attempt(Node node, String description, boolean lacked) {

    public static Attempt failed(Node node, String description) {
      return new Attempt(node, description, false);
    }

    /// An attempt whose response was discarded: a server error, or the response of a node that
    /// lacks an object.
    public static Attempt discarded(NodeResponse response) {
      String description = "node \"" + response.node().name() + "\": status " + response.status();
      return new Attempt(response.node(), description, response.status() < 500);
    }
  }

  /// The attempts at nodes that failed.
  public List<Attempt> failures() {
    return attempts.stream().filter(attempt -> !attempt.lacked()).toList();
  }

  /// Returns a copy for a client that received other lists, too.
  ///
  /// @param other the greatest age of these lists
  Answer withListAge(ListAge other) {
    return new Answer(route, node, status, bytes, attempts, result, other, interruption);
  }

  public Answer withAttempts(List<Attempt> other) {
    return new Answer(route, node, status, bytes, other, result, listAge, interruption);
  }

  /// Returns a copy of an answer that the client did not receive completely.
  public Answer interruptedBy(Interruption cause) {
    return new Answer(route, node, status, bytes, attempts, result, listAge, Optional.of(cause));
  }
}
