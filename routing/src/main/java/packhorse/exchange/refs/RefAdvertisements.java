package packhorse.exchange.refs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.policy.Permit;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ObjectIdSet;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.ResponseObserver;
import packhorse.wire.refs.TipCollector;

/// Requests ref advertisements and `ls-refs` results from nodes. Where replicas may lag, the
/// request goes to the primary, so that no advertisement is older than the last push, wherever that
/// was made. When the primary is down, the advertisements of the replicas are compared with the
/// tips that clients were shown, and a replica that has all of them is selected. Concurrent
/// requests that are equal share one request to a node, whose tips are recorded once. Called by the
/// exchanges, on the threads of clients' requests.
public final class RefAdvertisements {
  private static final int READ_BYTES = 64 * 1024;

  // Git sends a few ref prefixes. A longer request is unlikely to have an equal one, and is not
  // worth comparing.
  private static final int MAX_COALESCED_BODY_BYTES = 64 * 1024;

  private final FailoverClient failoverClient;
  private final NodeRequestFactory requestFactory;
  private final AdvertisedTips tips;
  private final TipRecorder tipRecorder;
  private final AdvertisementCoalescer coalescer;
  private final ReadAccessCache readAccess;

  public RefAdvertisements(
      FailoverClient failoverClient,
      NodeRequestFactory requestFactory,
      AdvertisedTips tips,
      AdvertisementCoalescer coalescer,
      ReadAccessCache readAccess) {
    this.failoverClient = failoverClient;
    this.requestFactory = requestFactory;
    this.tips = tips;
    this.tipRecorder = new TipRecorder(tips);
    this.coalescer = coalescer;
    this.readAccess = readAccess;
  }

  /// Sends a request for a ref advertisement or for `ls-refs`. Equal requests that arrive in the
  /// meantime share it.
  ///
  /// @throws RefusalException if no node responded
  public RoutedResponse request(PermittedRoutes routes, NodeRequest request)
      throws RefusalException, IOException {
    RoutedResponse response = coalesced(routes, request);
    if (response.isOk()) readAccess.recordAccess(routes.asker());
    return response;
  }

  private RoutedResponse coalesced(PermittedRoutes routes, NodeRequest request)
      throws RefusalException, IOException {
    if (request.body() instanceof NodeRequest.BufferedBody(ByteString body)
        && body.size() > MAX_COALESCED_BODY_BYTES) {
      return send(routes, request);
    }
    return coalescer.send(
        CoalescingKey.of(routes, request),
        routes.permit().request().arrival().id(),
        () -> send(routes, request));
  }

  private RoutedResponse send(PermittedRoutes routes, NodeRequest request)
      throws RefusalException, IOException {
    ResponseObserver observer = tipRecorder.observe(routes);
    RoutedResponse response = failoverClient.send(routes.permit(), routeFor(routes), request);
    return response.withObserver(ListObserver.of(response.nodeResponse(), observer));
  }

  /// Selects the node for a request whose result depends on the refs.
  ///
  /// @throws RefusalException if no node is up
  public Route routeFor(PermittedRoutes routes) throws RefusalException, IOException {
    Route route = routes.read();
    return routes.mayBeStale() ? preferCurrentNode(routes, route) : route;
  }

  private Route preferCurrentNode(PermittedRoutes routes, Route route) throws IOException {
    for (Node node : route.nodes()) {
      Optional<ObjectIdSet> advertised = advertisedBy(routes.permit(), route, node);
      if (advertised.filter(ids -> !tips.isStale(routes.asker(), ids)).isPresent()) {
        return route.preferring(node);
      }
    }
    return route.withReason(
        route.reason() + ", and no node has all objects that were shown before");
  }

  /// The tips that a node advertises now; empty if it sends no valid advertisement.
  private Optional<ObjectIdSet> advertisedBy(Permit permit, Route route, Node node)
      throws IOException {
    NodeRequest request =
        requestFactory.advertisement(permit, GitService.UPLOAD_PACK, ProtocolVersion.V0);
    Route singleNode = new Route(List.of(node), route.retryable(), route.reason());
    TipCollector collector = new TipCollector(AdvertisedTips.MAX_IDS);
    try (RoutedResponse response = failoverClient.send(permit, singleNode, request)) {
      if (!response.isOk()) return Optional.empty();
      InputStream body = response.nodeResponse().body();
      byte[] bytes = new byte[READ_BYTES];
      for (int n = body.read(bytes); n >= 0; n = body.read(bytes)) {
        collector.onBytes(ByteBuffer.wrap(bytes, 0, n));
      }
      collector.onEnd();
      return collector.tips();
    } catch (RefusalException | NodeFailure unavailable) {
      return Optional.empty();
    }
  }
}
