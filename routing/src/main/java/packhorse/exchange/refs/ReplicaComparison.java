package packhorse.exchange.refs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import packhorse.exchange.call.ByteBudget;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.AdvertisedTips;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.node.tips.Staleness;
import packhorse.policy.Permit;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;

/// Selects among replicas by comparing the refs that they advertise with what the asker was shown
/// and what was pushed. Concurrent comparisons of one node for one asker share its advertisement.
/// The tips that are being collected have a memory budget: without room, nothing is compared.
/// Called by [RefAdvertisements], on the threads of clients' requests.
final class ReplicaComparison {
  private static final int READ_BYTES = 64 * 1024;

  private final FailoverClient failoverClient;
  private final NodeRequestFactory requestFactory;
  private final AdvertisedTips tips;
  private final ByteBudget budget;
  private final ConcurrentMap<Key, OnceSetValue<Optional<Result>>> running =
      new ConcurrentHashMap<>();

  private record Key(RepositoryAsker asker, Node node) {}

  /// What the comparison of one node gave.
  ///
  /// @param staleness empty if the node sent no valid list, or if there was no memory for it
  private record Result(Optional<Staleness> staleness, boolean noMemory) {
    static final Result NO_LIST = new Result(Optional.empty(), false);
    static final Result NO_MEMORY = new Result(Optional.empty(), true);
  }

  ReplicaComparison(
      FailoverClient failoverClient,
      NodeRequestFactory requestFactory,
      AdvertisedTips tips,
      ByteBudget budget) {
    this.failoverClient = failoverClient;
    this.requestFactory = requestFactory;
    this.tips = tips;
    this.budget = budget;
  }

  /// Returns the route with the node in front that is behind what the asker knows least; those that
  /// do not send a list come last. With a single node there is nothing to select.
  ///
  /// @param waitListener called while a node does not respond
  Route preferCurrentNode(PermittedRoutes routes, Route route, WaitListener waitListener)
      throws IOException {
    if (route.nodes().size() == 1) return route;
    List<Node> compared = new ArrayList<>();
    Optional<Staleness> least = Optional.empty();
    for (Node node : route.nodes()) {
      Result result = compare(routes, route, node, waitListener);
      if (result.noMemory()) {
        return route.withReason(route.reason() + ", and not compared for lack of memory");
      }
      Optional<Staleness> staleness = result.staleness();
      if (staleness.isEmpty()) continue;
      boolean better = least.isEmpty() || staleness.get().compareTo(least.get()) < 0;
      compared.add(better ? 0 : compared.size(), node);
      if (better) least = staleness;
      if (least.get().isNone()) break;
    }
    Route preferred = route;
    for (Node node : compared.reversed()) preferred = preferred.preferring(node);
    boolean current = least.filter(staleness -> !staleness.isStale()).isPresent();
    return current
        ? preferred
        : preferred.withReason(
            route.reason() + ", and no node has all objects that were shown before");
  }

  private Result compare(PermittedRoutes routes, Route route, Node node, WaitListener waitListener)
      throws IOException {
    Key key = new Key(routes.asker(), node);
    while (true) {
      OnceSetValue<Optional<Result>> own = new OnceSetValue<>();
      OnceSetValue<Optional<Result>> other = running.putIfAbsent(key, own);
      if (other == null) return compareForAll(key, own, routes.permit(), route, waitListener);
      Optional<Result> shared = awaitResult(other, node, waitListener);
      if (shared.isPresent()) return shared.get();
    }
  }

  /// Compares a node, also on behalf of the callers that wait for it by then. They get no result if
  /// the client of this one leaves.
  private Result compareForAll(
      Key key,
      OnceSetValue<Optional<Result>> own,
      Permit permit,
      Route route,
      WaitListener waitListener)
      throws IOException {
    Optional<Result> result = Optional.empty();
    try {
      result = Optional.of(compareNow(key, permit, route, waitListener));
      return result.get();
    } finally {
      running.remove(key, own);
      own.set(result);
    }
  }

  private static Optional<Result> awaitResult(
      OnceSetValue<Optional<Result>> result, Node node, WaitListener waitListener)
      throws IOException {
    waitListener.nodeAsked(node);
    try {
      while (!result.await(waitListener.timeToNextCall())) waitListener.stillWaiting();
      return result.get().orElseThrow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted while waiting for a comparison of replicas", e);
    }
  }

  private Result compareNow(Key key, Permit permit, Route route, WaitListener waitListener)
      throws IOException {
    NodeRequest request =
        requestFactory.advertisement(permit, GitService.UPLOAD_PACK, ProtocolVersion.V0);
    Route singleNode = new Route(List.of(key.node()), route.retryable(), route.reason());
    try (BudgetedTipCollector collector = new BudgetedTipCollector(budget);
        RoutedResponse response = failoverClient.send(permit, singleNode, request, waitListener)) {
      if (!response.isOk()) return Result.NO_LIST;
      InputStream body = response.nodeResponse().body();
      byte[] bytes = new byte[READ_BYTES];
      for (int n = body.read(bytes); n >= 0; n = body.read(bytes)) {
        if (!collector.add(ByteBuffer.wrap(bytes, 0, n))) return Result.NO_MEMORY;
      }
      collector.onEnd();
      // Nobody shares this any more who may have been shown something in the meantime.
      running.remove(key);
      return collector
          .tips()
          .map(refs -> new Result(Optional.of(tips.staleness(key.asker(), refs)), false))
          .orElse(Result.NO_LIST);
    } catch (RefusalException | NodeFailure unavailable) {
      return Result.NO_LIST;
    }
  }
}
