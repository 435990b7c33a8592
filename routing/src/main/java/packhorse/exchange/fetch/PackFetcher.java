package packhorse.exchange.fetch;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.refs.ReadAccessCache;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;
import packhorse.node.Route;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.ResponsePrefix;
import packhorse.wire.pkt.Pkt;

/// Sends fetches to nodes: to the next node if one fails or lacks a wanted object. While a node is
/// silent (as Gogs is while it counts objects), the client receives keep-alives from the proxy.
///
/// Called by [FetchDispatcher] for responses that are relayed unchanged, and by
/// [V0FetchConversation] and [V2FetchTranslation], which write the beginning of the response
/// themselves. Each call runs on the thread of the client's request.
public final class PackFetcher {
  private final FailoverClient failover;
  private final RefAdvertisements advertisements;
  private final NotOurRefDetector notOurRef;
  private final ReadAccessCache readAccess;
  private final Duration keepAliveInterval;
  private final LongSupplier nanoTime;

  /// @param keepAliveInterval the longest time without a byte for a client
  public PackFetcher(
      FailoverClient failover,
      RefAdvertisements advertisements,
      NotOurRefDetector notOurRef,
      ReadAccessCache readAccess,
      Duration keepAliveInterval,
      LongSupplier nanoTime) {
    this.failover = failover;
    this.advertisements = advertisements;
    this.notOurRef = notOurRef;
    this.readAccess = readAccess;
    this.keepAliveInterval = keepAliveInterval;
    this.nanoTime = nanoTime;
  }

  /// Sends a fetch whose response is relayed unchanged.
  ///
  /// @return the response; without its prefix if the client has received that with the keep-alives
  /// @throws RefusalException if no node responded, or if the response does not continue what the
  ///   client has received already
  RoutedResponse fetch(PermittedRoutes routes, NodeRequest request, Fetch fetch, Client client)
      throws RefusalException, IOException {
    Optional<ResponsePrefix> prefix = ResponsePrefix.of(fetch);
    KeepAliveWriter keepAlive = keepAliveWriter(routes, prefix, client);
    RefAdvertisements.RouteSender sender =
        route -> fetch(routes, route, request, fetch.wants(), keepAlive);
    // A replica that lags resolves a ref name to an old commit without an error.
    RoutedResponse response =
        routes.isReplicated() && fetch.dependsOnRefNames()
            ? advertisements.sendToCurrentNode(routes, client.presence(), sender)
            : sender.send(routes.fetch(fetch));
    if (!response.isOk()) return response.withObserver(FetchAnswerObserver.withoutPack(fetch));
    if (prefix.filter(ResponsePrefix::isPackfileHeader).isPresent()) {
      recordIfShallow(routes.asker(), response);
    }
    return keepAlive
        .remainder(response)
        .withObserver(FetchAnswerObserver.ofResponse(fetch, keepAlive.writtenPrefix()));
  }

  /// Sends a fetch on a given route. The caller composes the beginning of the client's response
  /// from what the node sent.
  ///
  /// @param wants the objects that a node may lack; then the next node of the route is tried
  /// @param keepAlive called while the node is silent
  /// @return the whole response of the node
  /// @throws RefusalException if no node responded, or if the client has received keep-alives and
  ///   the status is not 200
  RoutedResponse fetch(
      PermittedRoutes routes,
      Route route,
      NodeRequest request,
      Collection<ObjectId> wants,
      KeepAliveWriter keepAlive)
      throws RefusalException, ClientGoneException {
    Predicate<NodeResponse> tryNext = notOurRef.forWants(routes, wants);
    RoutedResponse response =
        failover.send(routes.permit(), route, request, tryNext, keepAlive.whilePresent());
    return keepAlive.requireReportable(NotOurRefDetector.withNodesAsked(response));
  }

  /// See [FailoverClient#recordBrokenResponse].
  Attempt recordBrokenResponse(Node node, RefusalException failure) {
    return failover.recordBrokenResponse(node, failure);
  }

  /// Creates the writer of keep-alives for one request to a node. It writes nothing if it is not
  /// known that the client may read the repository, or if the node may send `shallow-info` before
  /// the pack because its repository is shallow.
  ///
  /// @param prefix the beginning of the response as the request alone determines it; if empty, the
  ///   writer writes nothing
  KeepAliveWriter keepAliveWriter(
      PermittedRoutes routes, Optional<ResponsePrefix> prefix, Client client) {
    boolean mayRead = readAccess.mayRead(routes);
    return new KeepAliveWriter(
        client,
        prefix.filter(start ->
            mayRead && !(start.isPackfileHeader() && readAccess.isShallow(routes.asker()))),
        keepAliveInterval,
        nanoTime);
  }

  // A repository that is shallow on a node usually stays so. For its next fetches the proxy must
  // not send "packfile" early, because "shallow-info" comes first.
  private void recordIfShallow(RepositoryAsker asker, RoutedResponse response) {
    Optional<Pkt> first = NotOurRefDetector.firstPkt(response.nodeResponse());
    if (first
        .filter(pkt -> pkt instanceof Pkt.Line line && line.text().equals("shallow-info"))
        .isPresent()) {
      readAccess.recordShallow(asker);
    }
  }
}
