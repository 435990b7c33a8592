package packhorse.exchange.call;

import java.util.List;
import java.util.Optional;
import packhorse.node.NodeResponse;
import packhorse.node.Route;
import packhorse.wire.ResponseObserver;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;

/// A response of a node whose head has been read, with the route that led to it and the failures of
/// the nodes to which the request was sent before.
///
/// @param observer sees the bytes of the body as they are relayed
/// @param onClose runs after the response was closed
public record RoutedResponse(
    Route route,
    NodeResponse nodeResponse,
    List<String> failures,
    ResponseObserver observer,
    Runnable onClose)
    implements AutoCloseable {
  public RoutedResponse {
    failures = List.copyOf(failures);
  }

  public RoutedResponse(Route route, NodeResponse response, List<String> failures) {
    this(route, response, failures, ResponseObserver.none(), () -> {});
  }

  public RoutedResponse withObserver(ResponseObserver other) {
    return new RoutedResponse(route, nodeResponse, failures, other, onClose);
  }

  public RoutedResponse withOnClose(Runnable action) {
    return new RoutedResponse(route, nodeResponse, failures, observer, action);
  }

  /// The same with another response, for instance a translated one.
  public RoutedResponse withResponse(NodeResponse other) {
    return new RoutedResponse(route, other, failures, observer, onClose);
  }

  /// Whether the status is 200.
  public boolean isOk() {
    return nodeResponse.status() == 200;
  }

  /// The record of this response for the outcome of the request.
  ///
  /// @param bytes the number of bytes of the body that the client received
  public Answer toAnswer(long bytes) {
    return toAnswer(bytes, Optional.empty(), Optional.empty());
  }

  /// The record of this response to a push.
  ///
  /// @param bytes the number of bytes of the body that the client received
  /// @param push the commands of the push
  /// @param report the node's report on them
  public Answer toAnswer(long bytes, Optional<Push> push, Optional<PushReport> report) {
    return new Answer(
        route, nodeResponse.node(), nodeResponse.status(), bytes, failures, push, report);
  }

  @Override
  public void close() {
    try {
      nodeResponse.close();
    } finally {
      onClose.run();
    }
  }
}
