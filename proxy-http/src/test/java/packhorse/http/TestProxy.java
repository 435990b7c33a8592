package packhorse.http;

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
import packhorse.exchange.ActAs;
import packhorse.exchange.Exchanges;
import packhorse.identity.Directory;
import packhorse.identity.Identities;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.node.Thresholds;
import packhorse.placement.Locator;
import packhorse.placement.Pool;
import packhorse.placement.Site;
import packhorse.placement.Storage;
import packhorse.policy.Policy;
import packhorse.record.Outcome;
import packhorse.request.Arrivals;

/// A front with the real pipeline behind it, put together as the assembly does, on free ports of
/// loopback. Closing it fails where a large buffer was not given back.
final class TestProxy implements AutoCloseable {
  static final FrontSettings SETTINGS =
      new FrontSettings(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(30), 200);
  static final NodeTimeouts TIMEOUTS =
      new NodeTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// A client may have its answer before the outcome is here.
  final BlockingDeque<Outcome> outcomes = new LinkedBlockingDeque<>();

  final HttpFront front;
  private final NodeClients clients;
  private final ArrayByteBufferPool.Tracking lent = new ArrayByteBufferPool.Tracking();

  /// What differs between tests.
  ///
  /// @param keepAlive how long a client that waits for its pack hears nothing
  record Setting(
      List<HttpListener> listeners,
      FrontSettings front,
      NodeTimeouts nodes,
      OptionalLong push,
      Duration keepAlive) {
    static Setting usual() {
      return new Setting(
          List.of(clear("http")), SETTINGS, TIMEOUTS, OptionalLong.empty(), Duration.ofSeconds(5));
    }

    Setting with(HttpListener... listeners) {
      return new Setting(List.of(listeners), front, nodes, push, keepAlive);
    }

    Setting with(NodeTimeouts nodes) {
      return new Setting(listeners, front, nodes, push, keepAlive);
    }

    Setting with(FrontSettings front) {
      return new Setting(listeners, front, nodes, push, keepAlive);
    }

    Setting pushing(long most) {
      return new Setting(listeners, front, nodes, OptionalLong.of(most), keepAlive);
    }

    Setting keepAlive(Duration silence) {
      return new Setting(listeners, front, nodes, push, silence);
    }
  }

  static HttpListener clear(String name) {
    return new HttpListener(name, free(), List.of(), from -> true, Optional.empty());
  }

  static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  static TestProxy before(URI... nodes) throws Exception {
    return new TestProxy(Setting.usual(), nodes);
  }

  TestProxy(Setting setting, URI... uris) throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (URI uri : uris) nodes.add(new Node("node-" + (nodes.size() + 1), "pool", uri, 1));
    var thresholds = new Thresholds(1000, 1, Duration.ZERO, Optional.empty());
    var health = new Nodes(nodes, pool -> thresholds, System::nanoTime);
    var tips = new AdvertisedTips();
    var policy = new Policy(List.of());
    var buffers = new Buffers(lent, 16L * 1024 * 1024);
    clients = new NodeClients(Map.of("pool", Optional.empty()), setting.nodes(), buffers);
    var spools = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    var actAs = Map.<String, ActAs>of("pool", new ActAs.Nobody());
    var terms = new Exchanges.Terms(actAs, setting.push(), spools, setting.keepAlive());
    var directory = new Directory(List.of());
    var stages =
        new Pipeline.Stages(
            locator(nodes),
            directory,
            new Identities(directory),
            policy,
            new Router(health, tips),
            new Exchanges(new JettyLink(clients), health, tips, policy, terms),
            outcomes::add);
    var pipeline = new Pipeline(stages, System::nanoTime);
    var arrivals = new Arrivals(InstantSource.system());
    front = new HttpFront(setting.listeners(), setting.front(), pipeline, arrivals, buffers);
    front.start();
  }

  private static Locator locator(List<Node> nodes) {
    var pool =
        new Pool(
            "pool",
            Storage.SHARED,
            nodes.stream().map(Node::name).toList(),
            Optional.empty(),
            Pool.Checking.NODE,
            true,
            false);
    var site =
        new Site(
            "code",
            URI.create("http://code.test"),
            Optional.empty(),
            "pool",
            List.of(URI.create("https://lab.test:8443")));
    return new Locator(List.of(site), List.of(pool), List.of(), Map.of());
  }

  int port() {
    return port("http");
  }

  int port(String listener) {
    return Objects.requireNonNull(front.addresses().get(listener)).getPort();
  }

  @Override
  public void close() {
    front.close();
    clients.close();
    long patience = System.nanoTime() + PATIENCE.toNanos();
    // what a request held is given back on its own thread
    while (lentLarge() && System.nanoTime() - patience < 0) LockSupport.parkNanos(1_000_000);
    assertThat(lentLarge()).as(lent::dumpLeaks).isFalse();
  }

  // of which there are few: a small one that Jetty forgets in a race, the pool makes again
  private boolean lentLarge() {
    return lent.getLeaks().stream().anyMatch(buffer -> buffer.getSize() >= Buffers.LARGE);
  }
}
