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

/// Fetches packs from any node that has the wanted objects. While that node is silent (as Gogs is
/// while it counts objects), the client receives keep-alives from the proxy.
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
  /// @return the response, without the bytes that the client received as keep-alives
  RoutedResponse fetch(PermittedRoutes routes, NodeRequest request, Fetch fetch, Client client)
      throws RefusalException, IOException {
    Optional<ResponsePrefix> prefix = ResponsePrefix.of(fetch);
    KeepAliveWriter keepAlive = keepAliveWriter(routes, prefix, client);
    RefAdvertisements.RouteSender sender =
        route -> fetch(routes, route, request, fetch.wants(), keepAlive);
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

  /// Sends a fetch. The caller itself writes the beginning of the response to the client.
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
  Attempt recordBrokenResponse(Node node, Exception failure) {
    return failover.recordBrokenResponse(node, failure);
  }

  /// Creates the writer for one wait. It sends nothing if the client's right to read is not known,
  /// or if the repository is shallow at its nodes and the response may begin with `shallow-info`.
  ///
  /// @param prefix the beginning of the response as the request alone determines it
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

  // A node that is shallow in a repository stays so: its clients must learn it before the pack.
  private void recordIfShallow(RepositoryAsker asker, RoutedResponse response) {
    Optional<Pkt> first =
        response.isOk() ? NotOurRefDetector.firstPkt(response.nodeResponse()) : Optional.empty();
    if (first
        .filter(pkt -> pkt instanceof Pkt.Line line && line.text().equals("shallow-info"))
        .isPresent()) {
      readAccess.recordShallow(asker);
    }
  }
}
