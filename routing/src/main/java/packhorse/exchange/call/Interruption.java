package packhorse.exchange.call;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.RefusalException;

/// The end of a response before the client had all of it. Immutable.
///
/// @param cause a [NodeFailure] if the node ended the response too early, otherwise the failure of
///   the client's connection
/// @param message the refusal that tells the client within its response; empty if nothing can be
///   said there
public record Interruption(IOException cause, Optional<RefusalException> message) {

  /// An interruption that the client cannot be told.
  public static Interruption of(IOException cause) {
    return new Interruption(cause, Optional.empty());
  }

  /// The failure of a node of whose response the client has received nothing yet.
  public static Interruption beforeResponse(NodeResponse response, NodeFailure failure) {
    return new Interruption(
        failure,
        Optional.of(
            new RefusalException(
                ResponseCopier.truncationRefusal(response.node(), failure), failure)));
  }

  /// Whether the node ended the response too early. A timeout is not held against it, because it
  /// may be the client that did not read.
  public boolean isTruncation() {
    return cause instanceof NodeFailure && !(cause.getCause() instanceof TimeoutException);
  }

  /// Who ended the response and how, in words for the operator.
  public String describe() {
    return String.valueOf(cause.getMessage());
  }
}
