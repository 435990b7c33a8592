package packhorse.exchange.refs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.AdvertisedTips;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;

/// Requests ref advertisements and `ls-refs` results from nodes. Where replicas may lag, the
/// request goes to the primary, so that no advertisement is older than the last push, wherever that
/// was made. When the primary is down, the advertisements of the replicas are compared with the
/// tips that clients were shown, and a replica that has all of them is selected. Concurrent
/// requests that are equal share one request to a node, whose tips are recorded once. Called by the
/// exchanges, on the threads of clients' requests.
public final class RefAdvertisements {
  // Git sends a few ref prefixes. A longer request is unlikely to have an equal one, and is not
  // worth comparing.
  private static final int MAX_COALESCED_BODY_BYTES = 64 * 1024;

  private final FailoverClient failoverClient;
  private final ReplicaComparison comparison;
  private final TipRecorder tipRecorder;
  private final AdvertisementCoalescer coalescer;
  private final ReadAccessCache readAccess;

  public RefAdvertisements(
      FailoverClient failoverClient,
      NodeRequestFactory requestFactory,
      AdvertisedTips tips,
      RefHistories histories,
      AdvertisementCoalescer coalescer,
      ReadAccessCache readAccess) {
    this.failoverClient = failoverClient;
    this.comparison =
        new ReplicaComparison(
            failoverClient, requestFactory, tips, BudgetedTipCollector.newBudget());
    this.tipRecorder = new TipRecorder(tips, histories);
    this.coalescer = coalescer;
    this.readAccess = readAccess;
  }

  /// Sends a request for a ref advertisement or for `ls-refs`. Equal requests that arrive in the
  /// meantime share it.
  ///
  /// @throws RefusalException if no node responded
  /// @throws ClientGoneException if the client left before a node had responded
  public RoutedResponse request(PermittedRoutes routes, NodeRequest request, Client client)
      throws RefusalException, IOException {
    RoutedResponse response = coalesced(new ListRequest(routes, request), client);
    if (response.isOk()) readAccess.recordAccess(routes.asker());
    return response;
  }

  /// Reads a response before the client receives any of it.
  public interface ResponseReader<T> {
    T read(RoutedResponse response) throws RefusalException, IOException;
  }

  /// Sends a request as [#request] does, and reads the response. If its node breaks off, or sends
  /// something else than a list of refs, the next node is asked.
  ///
  /// @param reader takes over the response, unless it throws
  /// @throws RefusalException if no node sent a valid response, or the reader refuses
  public <T> T read(
      PermittedRoutes routes, NodeRequest request, Client client, ResponseReader<T> reader)
      throws RefusalException, IOException {
    List<Attempt> attempts = List.of();
    PermittedRoutes remaining = routes;
    while (true) {
      RoutedResponse response = request(remaining, request, client).withEarlierAttempts(attempts);
      try {
        return reader.read(response);
      } catch (IOException | RuntimeException e) {
        response.close();
        throw e;
      } catch (RefusalException e) {
        response.close();
        Node node = response.nodeResponse().node();
        Optional<PermittedRoutes> others = remaining.without(node);
        if (others.isEmpty() || !ProtocolErrors.isFaultOfNode(e)) throw e;
        attempts = response.attemptsWith(failoverClient.recordBrokenResponse(node, e));
        remaining = others.get();
      }
    }
  }

  private RoutedResponse coalesced(ListRequest list, Client client)
      throws RefusalException, IOException {
    if (list.request.body() instanceof NodeRequest.BufferedBody(ByteString body)
        && body.size() > MAX_COALESCED_BODY_BYTES) {
      return list.send(Optional.empty(), client.presence());
    }
    return coalescer.send(
        CoalescingKey.of(list.routes, list.request),
        list.routes.permit().request().arrival().id(),
        list,
        client.presence());
  }

  /// Sends a request to the nodes of a route.
  public interface RouteSender {
    RoutedResponse send(Route route) throws RefusalException, IOException;
  }

  /// One client's request for a list of refs.
  private final class ListRequest implements RequestSender {
    private final PermittedRoutes routes;
    private final NodeRequest request;

    ListRequest(PermittedRoutes routes, NodeRequest request) {
      this.routes = routes;
      this.request = request;
    }

    @Override
    public boolean hasAlternativeTo(Node node) {
      return routes.hasAlternativeTo(node);
    }

    @Override
    public RoutedResponse send(Optional<Node> silentNode, WaitListener waitListener)
        throws RefusalException, IOException {
      TipRecorder.Observation tipsOfResponse = tipRecorder.observe(routes, request);
      RoutedResponse response =
          sendToCurrentNode(
              routes,
              waitListener,
              route -> sendTo(silentNode.map(route::deferring).orElse(route), waitListener));
      return response.withObserver(tipsOfResponse.observerFor(response.nodeResponse()));
    }

    private RoutedResponse sendTo(Route route, WaitListener waitListener)
        throws RefusalException, ClientGoneException {
      return failoverClient.send(routes.permit(), route, request, waitListener);
    }
  }

  /// Sends a read whose response depends on the refs, such as an archive of a branch, and must be
  /// git's, to the nodes that [#sendToCurrentNode(PermittedRoutes, WaitListener, RouteSender)]
  /// selects.
  ///
  /// @throws RefusalException if no node responded
  public RoutedResponse sendToCurrentNode(
      PermittedRoutes routes, NodeRequest request, Client client)
      throws RefusalException, IOException {
    return sendToCurrentNode(
        routes,
        client.presence(),
        route -> failoverClient.send(routes.permit(), route, request, client.presence()));
  }

  /// Sends a read whose response depends on the refs, such as a file of the dumb protocol. Where
  /// replicas may lag, the primary alone certainly has the current refs. Whenever another node
  /// answers instead, and there are several, their refs are compared with what was shown and pushed
  /// before.
  ///
  /// @param waitListener called while a node does not respond with the refs that are compared
  /// @param sender may be called for the primary, and then for the replicas
  /// @throws RefusalException if no node responded
  public RoutedResponse sendToCurrentNode(
      PermittedRoutes routes, WaitListener waitListener, RouteSender sender)
      throws RefusalException, IOException {
    if (!routes.isReplicated()) return sender.send(routes.read());
    Optional<Route> primary = routes.primaryRead();
    Optional<Route> replicas = routes.replicaRead();
    if (replicas.isEmpty()) return sender.send(routes.read());
    List<Attempt> attempts = new ArrayList<>();
    if (primary.isPresent()) {
      Optional<RoutedResponse> answered = sendToPrimary(primary.get(), sender, attempts);
      if (answered.isPresent()) return answered.get();
    }
    Route route = comparison.preferCurrentNode(routes, replicas.get(), waitListener);
    return sender.send(route).withEarlierAttempts(attempts);
  }

  private static Optional<RoutedResponse> sendToPrimary(
      Route primary, RouteSender sender, List<Attempt> attempts) throws IOException {
    try {
      RoutedResponse response = sender.send(primary);
      if (response.nodeResponse().status() < 500) return Optional.of(response);
      attempts.add(Attempt.discarded(response.nodeResponse()));
      response.close();
    } catch (RefusalException unavailable) {
      attempts.add(Attempt.failed(primary.nodes().getFirst(), unavailable.refusal().detail()));
    }
    return Optional.empty();
  }
}
