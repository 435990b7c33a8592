package packhorse.exchange.call;

import java.util.function.Predicate;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.FailoverState.Expected;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.NodeState;
import packhorse.node.Nodes;
import packhorse.node.PermittedNodeRequest;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.policy.Permit;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryRequest;

/// Sends a request to the nodes of a route in turn until one responds. The client does not notice,
/// because it has received nothing yet. A node that is marked down while it is silent is not waited
/// for any longer, except by a push that it has received, and by a read that no other node can
/// serve: it may be busy only. A write is sent to another node only if the failed one cannot have
/// received any byte of it. The caller closes the response.
public final class FailoverClient {
  private static final int SERVER_ERROR = 500;

  private final NodeLink link;
  private final Nodes nodes;

  public FailoverClient(NodeLink link, Nodes nodes) {
    this.link = link;
    this.nodes = nodes;
  }

  /// Sends a request whose response must be git's: a web page in its place counts as a failure of
  /// the node.
  ///
  /// @param waitListener called while a node does not respond: for a request without a body of the
  ///   client's, [Client#presence]
  /// @throws RefusalException if no node responded
  public RoutedResponse send(
      Permit permit, Route route, NodeRequest request, WaitListener waitListener)
      throws RefusalException, ClientGoneException {
    return send(permit, route, request, response -> false, waitListener);
  }

  /// Sends a request whose response must be git's, and lets the caller reject a response if another
  /// node may give a better one.
  ///
  /// @param tryNext whether the next node, if there is one, may give a better response than this;
  ///   if none does, the client gets the first such response
  /// @param waitListener called while a node does not respond
  public RoutedResponse send(
      Permit permit,
      Route route,
      NodeRequest request,
      Predicate<NodeResponse> tryNext,
      WaitListener waitListener)
      throws RefusalException, ClientGoneException {
    return send(permit, route, request, new Acceptance(tryNext, Content.GIT), waitListener);
  }

  /// Records that a node broke off a response, or sent an invalid one, before the client had
  /// received any of it, so that the request can be sent to another node.
  ///
  /// @return what failed, for [RoutedResponse#withEarlierAttempts]
  public Attempt recordBrokenResponse(Node node, RefusalException failure) {
    String description = failure.refusal().detail();
    boolean counted =
        failure.getCause() instanceof NodeFailure nodeFailure && nodeFailure.isCounted();
    if (!counted) nodes.health(node).responseFailed(description);
    return Attempt.failed(node, description);
  }

  /// Sends a request whose response need not be git's: for a file or a CORS preflight.
  public RoutedResponse sendForAnyContent(
      Permit permit, Route route, NodeRequest request, WaitListener waitListener)
      throws RefusalException, ClientGoneException {
    Acceptance any = new Acceptance(response -> false, Content.ANY);
    return send(permit, route, request, any, waitListener);
  }

  /// Sends a request for a page. Whatever a node responds is the page, an error too.
  public RoutedResponse sendForPage(
      Permit permit, Route route, NodeRequest request, WaitListener waitListener)
      throws RefusalException, ClientGoneException {
    Acceptance page = new Acceptance(response -> false, Content.PAGE);
    return send(permit, route, request, page, waitListener);
  }

  /// What a response may be.
  private enum Content {
    GIT,
    ANY,
    PAGE
  }

  /// Decides which responses are accepted.
  private record Acceptance(Predicate<NodeResponse> tryNext, Content content) {
    // Of git's requests to a node, only those for an advertisement are no POST. A server of the
    // dumb protocol responds with the file `info/refs`, which may be empty.
    Expected expected(Permit permit, NodeRequest request) {
      if (content != Content.GIT) return Expected.ANYTHING;
      boolean mayBeFile = permit.placement().pool().servesDumbHttp();
      boolean advertisement = request.method().equals("GET") && !mayBeFile;
      return advertisement ? Expected.ADVERTISEMENT : Expected.GIT;
    }

    boolean accepts(NodeResponse response) {
      boolean usable = response.status() < SERVER_ERROR || content == Content.PAGE;
      return usable && !tryNext.test(response);
    }
  }

  private RoutedResponse send(
      Permit permit,
      Route route,
      NodeRequest request,
      Acceptance acceptance,
      WaitListener waitListener)
      throws RefusalException, ClientGoneException {
    try (FailoverState state = new FailoverState(route, nodes)) {
      for (Node node : route.nodes()) {
        WaitListener listener = waitListener.withCheck(() -> requireUp(permit, route, node));
        waitListener.nodeAsked(node);
        try {
          NodeResponse response = send(new PermittedNodeRequest(permit, node, request), listener);
          if (!state.awaitFirstByte(response, acceptance.expected(permit, request), listener)) {
            // The node that sent something else has received the request.
            if (!route.retryable()) break;
            continue;
          }
          if (acceptance.accepts(response) || !route.retryable()) return state.accept(response);
          state.keepAsFallback(response);
        } catch (NodeFailure failure) {
          state.recordFailure(failure);
          if (failure.requestSent() && !route.retryable()) break;
        } catch (ClientGoneException gone) {
          throw gone.whileAsking(node);
        }
      }
      return state.bestResponse();
    }
  }

  private NodeResponse send(PermittedNodeRequest request, WaitListener listener)
      throws NodeFailure, ClientGoneException, RefusalException {
    NodeResponse response = link.send(request, listener);
    return request.permit().request() instanceof RepositoryRequest
        ? GitHeadersResponse.of(response, request.permit().placement().pool().backend())
        : response;
  }

  private void requireUp(Permit permit, Route route, Node node) throws NodeFailure {
    if (nodes.health(node).state() != NodeState.DOWN) return;
    boolean alternative = permit.placement().pool().hasAlternatives() && nodes.hasOtherUp(node);
    if (route.retryable() && !alternative) return;
    throw new NodeFailure(node, true, "went down while it was silent", null).asCounted();
  }
}
