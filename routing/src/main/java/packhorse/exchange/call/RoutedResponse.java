package packhorse.exchange.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.node.NodeResponse;
import packhorse.node.Route;

/// A response of a node whose head has been read, with the route that led to it and the failures of
/// the nodes to which the request was sent before.
///
/// @param observer sees the bytes of the body as they are relayed, and says what they were
/// @param onClose runs after the response was closed
public record RoutedResponse(
    Route route,
    NodeResponse nodeResponse,
    List<String> failures,
    AnswerObserver observer,
    Runnable onClose)
    implements AutoCloseable {
  private static final AnswerObserver OTHER = AnswerObserver.of(new AnswerResult.Other());

  public RoutedResponse {
    failures = List.copyOf(failures);
  }

  public RoutedResponse(Route route, NodeResponse response, List<String> failures) {
    this(route, response, failures, OTHER, () -> {});
  }

  public RoutedResponse withObserver(AnswerObserver other) {
    return new RoutedResponse(route, nodeResponse, failures, other, onClose);
  }

  public RoutedResponse withOnClose(Runnable action) {
    return new RoutedResponse(route, nodeResponse, failures, observer, action);
  }

  /// The same with another response, for instance a translated one.
  public RoutedResponse withResponse(NodeResponse other) {
    return new RoutedResponse(route, other, failures, observer, onClose);
  }

  /// The same after attempts at other nodes that failed before.
  public RoutedResponse withEarlierFailures(List<String> earlier) {
    List<String> all = new ArrayList<>(earlier);
    all.addAll(failures);
    return new RoutedResponse(route, nodeResponse, all, observer, onClose);
  }

  /// The failures before this response, and that of its own node, which broke off.
  public List<String> failuresWith(String own) {
    List<String> all = new ArrayList<>(failures);
    all.add(own);
    return List.copyOf(all);
  }

  /// Whether the status is 200.
  public boolean isOk() {
    return nodeResponse.status() == 200;
  }

  /// The record of this response for the outcome of the request.
  ///
  /// @param bytes the number of bytes of the body that the client received
  public Answer toAnswer(long bytes) {
    return new Answer(
        route,
        nodeResponse.node(),
        nodeResponse.status(),
        bytes,
        failures,
        observer.result(),
        Optional.empty());
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
