package packhorse.exchange.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.node.NodeResponse;
import packhorse.node.Route;

/// A response of a node whose head has been read, with the route that led to it and the attempts at
/// other nodes before.
///
/// @param observer sees the bytes of the body as they are relayed, and says what they were
/// @param onClose runs after the response was closed
public record RoutedResponse(
    Route route,
    NodeResponse nodeResponse,
    List<Attempt> attempts,
    AnswerObserver observer,
    Runnable onClose)
    implements AutoCloseable {
  private static final AnswerObserver OTHER = AnswerObserver.of(new AnswerResult.Other());

  public RoutedResponse {
    attempts = List.copyOf(attempts);
  }

  public RoutedResponse(Route route, NodeResponse response, List<Attempt> attempts) {
    this(route, response, attempts, OTHER, () -> {});
  }

  public RoutedResponse withObserver(AnswerObserver other) {
    return new RoutedResponse(route, nodeResponse, attempts, other, onClose);
  }

  public RoutedResponse withOnClose(Runnable action) {
    return new RoutedResponse(route, nodeResponse, attempts, observer, action);
  }

  /// The same with another response, for instance a translated one.
  public RoutedResponse withResponse(NodeResponse other) {
    return new RoutedResponse(route, other, attempts, observer, onClose);
  }

  /// The same after other attempts.
  public RoutedResponse withEarlierAttempts(List<Attempt> earlier) {
    List<Attempt> all = new ArrayList<>(earlier);
    all.addAll(attempts);
    return new RoutedResponse(route, nodeResponse, all, observer, onClose);
  }

  /// The attempts before this response, and that at its own node, which broke off.
  public List<Attempt> attemptsWith(Attempt own) {
    List<Attempt> all = new ArrayList<>(attempts);
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
    AnswerResult result = observer.result();
    return new Answer(
        route,
        nodeResponse.node(),
        nodeResponse.status(),
        bytes,
        attempts,
        result,
        listAge(result),
        Optional.empty());
  }

  /// The age of the list of refs that this response is, as far as it has been read.
  ListAge listAge() {
    return listAge(observer.result());
  }

  private static ListAge listAge(AnswerResult result) {
    return result instanceof AnswerResult.RefList(ListAge age) ? age : ListAge.CURRENT;
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
