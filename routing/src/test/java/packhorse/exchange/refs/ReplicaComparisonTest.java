package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.kit.ScriptedLink.responds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.ByteBudget;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.kit.FakeTicker;
import packhorse.kit.Pushes;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.AdvertisedTips;
import packhorse.node.ClientGoneException;
import packhorse.node.HealthThresholds;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.NodeResponse;
import packhorse.node.Nodes;
import packhorse.node.PermittedNodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.node.tips.ShownList;
import packhorse.placement.Storage;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;

/// Comparing the refs of replicas takes a bounded amount of memory, however many requests need it.
@Timeout(30)
final class ReplicaComparisonTest {
  private static final String CURRENT = advertisement("1");
  private static final String STALE = advertisement("2");
  private static final int LARGE_BUDGET = 1 << 20;

  private final RequestFixture fixture =
      RequestFixture.fetch().storage(Storage.REPLICATED, "a", "b", "c");
  private final AdvertisedTips tips = new AdvertisedTips();
  private final Nodes nodes = nodes();
  private final ScriptedLink link = new ScriptedLink();

  ReplicaComparisonTest() {
    tips.record(
        fixture.asker(),
        new ShownList(
            ExchangeScene.listOfMain(new ObjectId("1".repeat(40))), tips.nextOrder(), true, true));
  }

  private Nodes nodes() {
    var thresholds = new HealthThresholds(3, 2, Duration.ZERO, Optional.empty());
    return new Nodes(fixture.poolNodes(), pool -> thresholds, new FakeTicker());
  }

  private static String advertisement(String digit) {
    return Pushes.pkt(digit.repeat(40) + " refs/heads/main\0 ofs-delta\n") + "0000";
  }

  private ReplicaComparison comparison(NodeLink toNodes, ByteBudget budget) {
    return new ReplicaComparison(
        new FailoverClient(toNodes, nodes),
        new NodeRequestFactory(Map.of("main", new NodeIdentity.Nobody())),
        tips,
        budget);
  }

  private static Route route(String... names) {
    return new Route(Stream.of(names).map(RequestFixture::node).toList(), true, "may be old");
  }

  private PermittedRoutes routes() throws RefusalException {
    return RequestFixture.router(nodes, tips).routes(fixture.permit());
  }

  private static String first(Route route) {
    return route.nodes().getFirst().name();
  }

  @Test
  void a_single_replica_is_not_compared() throws Exception {
    Route route = route("b");
    ReplicaComparison comparison = comparison(link, new ByteBudget(LARGE_BUDGET));
    assertThat(comparison.preferCurrentNode(routes(), route, WaitListener.none())).isEqualTo(route);
    assertThat(link.startedRequests()).isZero();
  }

  @Test
  void without_memory_replicas_are_not_compared_and_the_route_says_so() throws Exception {
    link.script("b", responds(200, STALE)).script("c", responds(200, CURRENT));
    ByteBudget budget = new ByteBudget(STALE.length() / 4);
    Route route =
        comparison(link, budget).preferCurrentNode(routes(), route("b", "c"), WaitListener.none());
    assertThat(route.describe())
        .isEqualTo("b (may be old, and not compared for lack of memory); else c");
    assertThat(link.requestedNodes()).containsExactly("b");
    assertThat(link.allResponsesClosed()).isTrue();
    assertThat(budget.tryReserve(STALE.length() / 4)).as("all memory is returned").isTrue();
  }

  @Test
  void a_comparison_returns_its_memory() throws Exception {
    link.script("b", responds(200, STALE)).script("c", responds(200, CURRENT));
    ByteBudget budget = new ByteBudget(LARGE_BUDGET);
    Route route =
        comparison(link, budget).preferCurrentNode(routes(), route("b", "c"), WaitListener.none());
    assertThat(first(route)).isEqualTo("c");
    assertThat(budget.tryReserve(LARGE_BUDGET)).isTrue();
  }

  /// A link that passes requests on to the scripted nodes when the test lets it.
  private final class HeldLink implements NodeLink {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> permits = new LinkedBlockingQueue<>();

    @Override
    public NodeResponse send(PermittedNodeRequest request, WaitListener listener)
        throws NodeFailure, ClientGoneException, RefusalException {
      received.add(request.node().name());
      try {
        while (permits.poll(listener.timeToNextCall().toNanos(), TimeUnit.NANOSECONDS) == null) {
          listener.stillWaiting();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return link.send(request, listener);
    }
  }

  /// Requests that need a comparison at the same time.
  private final class Requests {
    final HeldLink held = new HeldLink();
    private final ReplicaComparison comparison = comparison(held, new ByteBudget(LARGE_BUDGET));

    private final List<Thread> threads = new ArrayList<>();

    FutureTask<Route> start(AtomicBoolean gone) throws RefusalException {
      WaitListener presence = WaitListener.none().withCheck(() -> requirePresent(gone));
      PermittedRoutes routes = routes();
      var task =
          new FutureTask<>(() -> comparison.preferCurrentNode(routes, route("c", "b"), presence));
      threads.add(Thread.ofPlatform().daemon().start(task));
      return task;
    }

    /// Starts a request that waits for the comparison of another one.
    FutureTask<Route> startWaiting() throws RefusalException {
      FutureTask<Route> task = start(new AtomicBoolean());
      while (!isWaiting(threads.getLast())) Thread.onSpinWait();
      return task;
    }

    private static boolean isWaiting(Thread thread) {
      return thread.getState() == Thread.State.TIMED_WAITING
          && Stream.of(thread.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("awaitResult"));
    }

    private static void requirePresent(AtomicBoolean gone) throws ClientGoneException {
      if (gone.get()) throw new ClientGoneException("has left");
    }
  }

  @Test
  void concurrent_requests_share_the_comparison_of_a_replica() throws Exception {
    link.script("c", responds(200, CURRENT));
    Requests requests = new Requests();
    List<FutureTask<Route>> waiting = new ArrayList<>();
    FutureTask<Route> first = requests.start(new AtomicBoolean());
    assertThat(requests.held.received.take()).isEqualTo("c");
    for (int i = 0; i < 8; i++) waiting.add(requests.startWaiting());
    requests.held.permits.add("c");
    assertThat(first(first.get())).isEqualTo("c");
    for (FutureTask<Route> other : waiting) assertThat(first(other.get())).isEqualTo("c");
    assertThat(link.requestedNodes()).containsExactly("c");
  }

  @Test
  void if_the_client_of_a_shared_comparison_leaves_the_replica_is_asked_anew() throws Exception {
    link.script("c", responds(200, CURRENT));
    Requests requests = new Requests();
    AtomicBoolean gone = new AtomicBoolean();
    FutureTask<Route> first = requests.start(gone);
    assertThat(requests.held.received.take()).isEqualTo("c");
    FutureTask<Route> waiting = requests.startWaiting();
    gone.set(true);
    assertThatThrownBy(first::get).hasCauseInstanceOf(ClientGoneException.class);
    assertThat(requests.held.received.take()).isEqualTo("c");
    requests.held.permits.add("c");
    assertThat(first(waiting.get())).isEqualTo("c");
  }

  // A list that was asked for before a client was shown something newer must not hide that.
  @Test
  void what_was_shown_while_a_replica_was_asked_counts() throws Exception {
    link.script("c", responds(200, STALE)).script("b", responds(200, CURRENT));
    Requests requests = new Requests();
    FutureTask<Route> first = requests.start(new AtomicBoolean());
    assertThat(requests.held.received.take()).isEqualTo("c");
    tips.record(
        fixture.asker(),
        new ShownList(
            ExchangeScene.listOfMain(new ObjectId("2".repeat(40))), tips.nextOrder(), true, true));
    FutureTask<Route> waiting = requests.startWaiting();
    requests.held.permits.add("c");
    assertThat(first(first.get())).isEqualTo("c");
    assertThat(first(waiting.get())).isEqualTo("c");
  }
}
