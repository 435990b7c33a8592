package packhorse.exchange.web;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatelessClient;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.placement.Placement;
import packhorse.request.Headers;
import packhorse.request.Operation;
import packhorse.request.RefusalException;
import packhorse.request.WebRequest;

/// Relays requests for pages, and calls of a node's API, without reading what is in them. A visitor
/// stays on one node by a [VisitorCookie]. Called on the virtual thread of the request.
public final class WebRelay {
  private static final int BAD_REQUEST = 400;

  private final FailoverClient failover;
  private final NodeRequestFactory requests;
  private final VisitorCookie cookie;
  private final OptionalLong uploadLimit;

  /// @param uploadLimit of the body of a request in bytes
  public WebRelay(
      FailoverClient failover,
      NodeRequestFactory requests,
      VisitorCookie cookie,
      OptionalLong uploadLimit) {
    this.failover = failover;
    this.requests = requests;
    this.cookie = cookie;
    this.uploadLimit = uploadLimit;
  }

  /// Answers a request for a page.
  ///
  /// @throws RefusalException with `TOO_LARGE` for a body that is larger than the limit; if no node
  ///   responds
  public Answer answer(WebRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    Placement placement = routes.permit().placement();
    RelayedBody.checkLength(client.contentLength(), uploadLimit);
    Optional<String> visitorsNode = cookie.nodeOf(request.headers(), placement);
    NodeRequest.Body body = body(request, client);
    boolean repeatable = body instanceof NodeRequest.NoBody;
    Route route = routes.page(visitorsNode, repeatable);
    NodeRequest toNode = requests.page(routes.permit(), request, body);
    try (RoutedResponse response =
        failover.sendForPage(routes.permit(), route, toNode, client.presence())) {
      if (response.nodeResponse().status() < BAD_REQUEST) client.memory().verify();
      Headers headers = headers(response.nodeResponse(), placement, visitorsNode);
      AnswerObserver page = AnswerObserver.of(new AnswerResult.Page());
      return ResponseCopier.relay(response.withObserver(page), headers, client);
    }
  }

  // A link may repeat a request without a body, so one that can change something always has a body,
  // be it empty.
  private NodeRequest.Body body(WebRequest request, StatelessClient client) throws IOException {
    boolean hasBody = client.hasBody();
    if (!hasBody && request.operation() == Operation.READ) return new NodeRequest.NoBody();
    OptionalLong length = hasBody ? client.contentLength() : OptionalLong.of(0);
    return new NodeRequest.StreamedBody(length, new RelayedBody(client, uploadLimit));
  }

  private Headers headers(
      NodeResponse response, Placement placement, Optional<String> visitorsNode) {
    Headers filtered = ResponseCopier.headersFor(response, placement);
    Headers adapted =
        PageResponseHeaders.forClient(filtered, response.node().http(), placement.siteUrl());
    String node = response.node().name();
    // A node that this repository is not placed on stays the visitor's.
    boolean elsewhere = visitorsNode.filter(of -> !placement.nodeNames().contains(of)).isPresent();
    boolean known = visitorsNode.filter(node::equals).isPresent();
    return known || elsewhere || placement.nodeNames().size() < 2
        ? adapted
        : adapted.plus("Set-Cookie", cookie.value(node, placement));
  }
}
