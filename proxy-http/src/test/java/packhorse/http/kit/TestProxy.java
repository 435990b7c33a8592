package packhorse.http.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import packhorse.Pipeline;
import packhorse.backend.Backends;
import packhorse.exchange.Exchanges;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.call.RepositoryAskerFactory;
import packhorse.exchange.web.VisitorCookie;
import packhorse.http.connector.FrontSettings;
import packhorse.http.connector.HttpListener;
import packhorse.http.front.HttpFront;
import packhorse.http.io.HttpBufferPool;
import packhorse.http.node.JettyLink;
import packhorse.http.node.NodeClients;
import packhorse.http.node.NodeTimeouts;
import packhorse.identity.Authenticator;
import packhorse.identity.FailedLoginLimit;
import packhorse.identity.UserDirectory;
import packhorse.memory.ClientMemory;
import packhorse.memory.MemoryPlan;
import packhorse.node.AdvertisedTips;
import packhorse.node.HealthThresholds;
import packhorse.node.Node;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.placement.Pool;
import packhorse.placement.RepositoryLocator;
import packhorse.placement.Site;
import packhorse.placement.Storage;
import packhorse.policy.Policy;
import packhorse.record.Outcome;
import packhorse.request.ArrivalFactory;
import packhorse.request.KeyedHash;

/// An HTTP front with the real pipeline, wired as the assembly does it, on free loopback ports.
/// Closing it fails if a large buffer was leaked.
public final class TestProxy implements AutoCloseable {
  static final FrontSettings SETTINGS =
      new FrontSettings(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(30), 200);
  static final NodeTimeouts TIMEOUTS =
      new NodeTimeouts(
          Duration.ofSeconds(3),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);

  /// The outcomes so far. A client may receive its response before the outcome is recorded.
  public final BlockingDeque<Outcome> outcomes = new LinkedBlockingDeque<>();

  public final HttpFront front;

  /// What the clients of this proxy may hold.
  public final ClientMemory memory = ClientMemory.of(new MemoryPlan(512L << 20, 512L << 20));

  private final NodeClients clients;
  private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();

  /// The options that differ between tests.
  ///
  /// @param pushLimit in bytes
  /// @param keepAliveInterval how long a client that waits for its pack receives nothing
  public record Options(
      List<HttpListener> listeners,
      FrontSettings front,
      NodeTimeouts nodes,
      OptionalLong pushLimit,
      Duration keepAliveInterval) {
    public static Options defaults() {
      return new Options(
          List.of(plainListener("http")),
          SETTINGS,
          TIMEOUTS,
          OptionalLong.empty(),
          Duration.ofSeconds(5));
    }

    public Options with(HttpListener... listeners) {
      return new Options(List.of(listeners), front, nodes, pushLimit, keepAliveInterval);
    }

    public Options with(NodeTimeouts nodes) {
      return new Options(listeners, front, nodes, pushLimit, keepAliveInterval);
    }

    public Options with(FrontSettings front) {
      return new Options(listeners, front, nodes, pushLimit, keepAliveInterval);
    }

    public Options withPushLimit(long limit) {
      return new Options(listeners, front, nodes, OptionalLong.of(limit), keepAliveInterval);
    }

    public Options withKeepAliveInterval(Duration interval) {
      return new Options(listeners, front, nodes, pushLimit, interval);
    }
  }

  public static HttpListener plainListener(String name) {
    return new HttpListener(name, freePort(), List.of(), from -> true, Optional.empty());
  }

  public static InetSocketAddress freePort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public static TestProxy inFrontOf(URI... nodes) throws Exception {
    return new TestProxy(Options.defaults(), nodes);
  }

  public TestProxy(Options options, URI... nodeUris) throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (URI uri : nodeUris) nodes.add(new Node("node-" + (nodes.size() + 1), "pool", uri, 1));
    var thresholds = new HealthThresholds(1000, 1, Duration.ZERO, Optional.empty());
    var health = new Nodes(nodes, pool -> thresholds, System::nanoTime);
    var tips = new AdvertisedTips();
    var policy = new Policy(List.of());
    var buffers = new HttpBufferPool(pool, 16L * 1024 * 1024, 64L * 1024 * 1024);
    clients = new NodeClients(Map.of("pool", Optional.empty()), options.nodes(), buffers);
    var spillFolder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    var actAs = Map.<String, NodeIdentity>of("pool", new NodeIdentity.Nobody());
    var settings =
        new Exchanges.ExchangeSettings(
            actAs,
            options.pushLimit(),
            OptionalLong.empty(),
            new VisitorCookie(List.of(new KeyedHash()), InstantSource.system()),
            spillFolder,
            memory.requests(),
            options.keepAliveInterval());
    var directory = new UserDirectory(List.of());
    var stages =
        new Pipeline.Stages(
            locator(nodes),
            directory,
            new Authenticator(directory, FailedLoginLimit.none()),
            policy,
            new Router(health, tips, new RepositoryAskerFactory(actAs)::create),
            new Exchanges(
                new JettyLink(clients), health, tips, policy, (permit, push) -> {}, settings),
            outcomes::add);
    var pipeline = new Pipeline(stages, System::nanoTime);
    var arrivals = new ArrivalFactory(InstantSource.system());
    front =
        new HttpFront(options.listeners(), options.front(), pipeline, arrivals, buffers, memory);
    front.start();
  }

  private static RepositoryLocator locator(List<Node> nodes) {
    var pool =
        new Pool(
            "pool",
            Backends.PLAIN,
            Storage.SHARED,
            nodes.stream().map(Node::name).toList(),
            Optional.empty(),
            Pool.Authentication.NODE,
            true,
            false);
    var site =
        new Site(
            "code",
            URI.create("http://code.test"),
            Optional.empty(),
            "pool",
            List.of(URI.create("https://lab.test:8443")));
    return new RepositoryLocator(List.of(site), List.of(pool), List.of(), Map.of());
  }

  public int port() {
    return port("http");
  }

  public int port(String listener) {
    return Objects.requireNonNull(front.addresses().get(listener)).getPort();
  }

  @Override
  public void close() {
    front.close();
    clients.close();
    long deadline = System.nanoTime() + RELEASE_TIMEOUT.toNanos();
    // A request releases its buffers on its own thread.
    while (leaksLargeBuffer() && System.nanoTime() - deadline < 0) LockSupport.parkNanos(1_000_000);
    assertThat(leaksLargeBuffer()).as(pool::dumpLeaks).isFalse();
  }

  // Small buffers are ignored: Jetty loses one in a race now and then, and the pool allocates
  // another.
  private boolean leaksLargeBuffer() {
    return pool.getLeaks().stream()
        .anyMatch(buffer -> buffer.getSize() >= HttpBufferPool.LARGE_SIZE);
  }
}
