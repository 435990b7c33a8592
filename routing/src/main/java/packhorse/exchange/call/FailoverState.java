package packhorse.exchange.call;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.node.Nodes;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.refs.EmptyAdvertisement;

/// The state of sending one request to the nodes of a route: the attempts so far, and the best
/// response that was not good enough to stop at. Not thread-safe. Closing it closes a response that
/// was not handed out.
final class FailoverState implements AutoCloseable {
  private final Route route;
  private final Nodes nodes;
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Node> nodesWithServerError = new ArrayList<>();
  private @Nullable NodeResponse fallback;
  private @Nullable Refusal lastRefusal;

  /// What a response with status 200 must be.
  enum Expected {
    ADVERTISEMENT,
    GIT,
    ANYTHING
  }

  FailoverState(Route route, Nodes nodes) {
    this.route = route;
    this.nodes = nodes;
  }

  /// Waits for the first byte of a response with status 200. Until it has arrived, the request can
  /// still be sent to another node.
  ///
  /// @param expected what the response must be
  /// @return false if it is something else; the response is closed then
  /// @throws NodeFailure if the node fails before the first byte; the response is closed
  /// @throws ClientGoneException if the client disconnects meanwhile; the response is closed
  boolean awaitFirstByte(NodeResponse response, Expected expected, WaitListener waitListener)
      throws NodeFailure, ClientGoneException {
    if (response.status() != 200) return true;
    Optional<String> problem;
    try {
      response.awaitBody(waitListener);
      problem = problemOf(response, expected);
    } catch (NodeFailure | ClientGoneException e) {
      response.close();
      throw e;
    }
    if (problem.isEmpty()) return true;
    response.close();
    String name = response.node().name();
    String failure = "node \"" + name + "\": responded with " + problem.get();
    nodes.health(response.node()).responseFailed(failure);
    attempts.add(Attempt.failed(response.node(), failure));
    lastRefusal =
        Refusal.nodeFailed(
            "the node " + name + " responded with " + problem.get() + " instead of git data");
    return false;
  }

  private static Optional<String> problemOf(NodeResponse response, Expected expected)
      throws NodeFailure {
    if (expected == Expected.ANYTHING) return Optional.empty();
    if (isWebPage(response, response.peek())) return Optional.of("a web page");
    return expected == Expected.ADVERTISEMENT && isKnownEmpty(response)
        ? Optional.of("nothing")
        : Optional.empty();
  }

  // Only if the response has a length is its end known before it is relayed.
  private static boolean isKnownEmpty(NodeResponse response) throws NodeFailure {
    ByteBuffer start = response.peek();
    String length = Integer.toString(start.remaining());
    return response.headers().firstValue("Content-Length").filter(length::equals).isPresent()
        && EmptyAdvertisement.isEmpty(start);
  }

  // No git response begins with "<". A git response under the wrong content type is left to git.
  private static boolean isWebPage(NodeResponse response, ByteBuffer start) {
    String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (start.hasRemaining() && start.get(start.position()) == '<') return true;
    return type.startsWith("text/html") && !GitContentType.startsWithPkt(start);
  }

  /// Records that a node did not respond.
  void recordFailure(NodeFailure failure) {
    String message = String.valueOf(failure.getMessage());
    attempts.add(Attempt.failed(failure.node(), message));
    if (!failure.isCounted()) {
      nodes.health(failure.node()).requestFailed(message, failure.requestSent());
    }
    String name = failure.node().name();
    lastRefusal =
        failure.requestSent()
            ? Refusal.nodeFailed("the node " + name + " failed before it responded")
            : Refusal.nodeDown("the node " + name + " cannot be reached");
  }

  /// Keeps a response for the case that no other node gives a better one. A refusal by git wins
  /// over a server error of the node, an earlier response over a later one.
  void keepAsFallback(NodeResponse response) {
    if (response.status() >= 500) nodesWithServerError.add(response.node());
    NodeResponse earlier = fallback;
    if (earlier == null) {
      fallback = response;
    } else if (earlier.status() >= 500 && response.status() < 500) {
      discard(earlier);
      fallback = response;
    } else {
      discard(response);
    }
  }

  private void discard(NodeResponse response) {
    attempts.add(Attempt.discarded(response));
    response.close();
  }

  /// Hands out a response. A node that responded with 5xx where another one did not has failed. If
  /// all nodes respond with 5xx, the request is to blame: a broken repository must not take all
  /// nodes down.
  RoutedResponse accept(NodeResponse response) {
    if (fallback != null) discard(fallback);
    fallback = null;
    if (response.status() < 500) {
      // A response with status 200 counts as a success only when its body has arrived completely.
      if (response.status() != 200) nodes.health(response.node()).requestSucceeded();
      nodesWithServerError.forEach(
          node -> nodes.health(node).responseFailed("responds with 5xx where other nodes do not"));
    }
    return new RoutedResponse(route, response, attempts);
  }

  /// Hands out the fallback.
  ///
  /// @throws RefusalException if no node responded
  RoutedResponse bestResponse() throws RefusalException {
    NodeResponse response = fallback;
    if (response != null) {
      fallback = null;
      return accept(response);
    }
    Refusal refusal = lastRefusal;
    if (refusal == null) throw new IllegalStateException("a route without nodes");
    throw new RefusalException(new Refusal(refusal.kind(), refusal.message(), describeAttempts()));
  }

  private String describeAttempts() {
    return attempts.stream().map(Attempt::description).collect(Collectors.joining("; "));
  }

  @Override
  public void close() {
    if (fallback != null) fallback.close();
  }
}
