package packhorse.http;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import packhorse.node.Node;

/// Jetty's HTTP clients towards the nodes: one for each pool, because each pool has its own idea of
/// whom to trust. Made and closed by the assembly; its clients are used on any thread.
public final class NodeClients implements AutoCloseable {
  /// What one read takes: with less, wake-ups cost more than copying.
  static final int READ = 512 * 1024;

  /// Of one pool, each a thread. They move packs, as the threads of requests do, of which there is
  /// one less than processors: with many more threads than processors these wait for each other.
  static final int SELECTORS =
      Math.min(8, Math.ceilDiv(Runtime.getRuntime().availableProcessors(), 2));

  /// Besides the selectors: for what must not hold them up, as the look for an address.
  private static final int THREADS = 24;

  private static final String UPGRADE = "upgrade";
  private static final int MOST_CONNECTIONS = 4096;
  private static final int MOST_QUEUED = 4096;
  private static final int HEAD = 64 * 1024;
  private static final long KEPT_IDLE_MILLIS = 20_000;

  private final Map<String, HttpClient> byPool = new LinkedHashMap<>();
  private final QueuedThreadPool threads;
  private final Scheduler timers = new ScheduledExecutorScheduler("to-nodes-timers", true);
  private final Waits waits = new Waits(timers);
  private final NodeTimeouts timeouts;
  private final Buffers buffers;

  /// Starts the clients.
  ///
  /// @param authorities of each pool, the PEM file of the authorities that its nodes' certificates
  ///   come from; without one those of the Java runtime
  public NodeClients(
      Map<String, Optional<Path>> authorities, NodeTimeouts timeouts, Buffers buffers) {
    this.timeouts = timeouts;
    this.buffers = buffers;
    threads = new QueuedThreadPool(authorities.size() * SELECTORS + THREADS, 4);
    threads.setName("to-nodes");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    LifeCycle.start(threads);
    LifeCycle.start(timers);
    authorities.forEach((pool, file) -> byPool.put(pool, started(pool, file)));
  }

  HttpClient of(Node node) {
    HttpClient client = byPool.get(node.pool());
    if (client == null) throw new IllegalArgumentException("no pool \"" + node.pool() + "\"");
    return client;
  }

  Waits waits() {
    return waits;
  }

  NodeTimeouts timeouts() {
    return timeouts;
  }

  @Override
  public void close() {
    for (HttpClient client : byPool.values()) LifeCycle.stop(client);
    waits.destroy();
    LifeCycle.stop(timers);
    LifeCycle.stop(threads);
  }

  private HttpClient started(String pool, Optional<Path> authority) {
    var connector = new ClientConnector();
    connector.setSelectors(SELECTORS);
    connector.setExecutor(threads);
    connector.setScheduler(timers);
    connector.setByteBufferPool(buffers.pool());
    connector.setConnectTimeout(timeouts.connect());
    connector.setTCPNoDelay(true);
    connector.setSslContextFactory(trust(authority));
    var transport = new StrictTransport(connector);
    // everything of ours that Jetty calls back only passes something on: no thread is needed for it
    transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
    var client = new HttpClient(transport);
    client.setName("to-" + pool);
    client.setExecutor(threads);
    client.setByteBufferPool(buffers.pool());
    relaysOnly(client);
    client.setConnectTimeout(timeouts.connect().toMillis());
    client.setAddressResolutionTimeout(timeouts.connect().toMillis());
    LifeCycle.start(client);
    // decoders and handlers are put in while the client starts
    client.getContentDecoderFactories().clear();
    List.of(
            RedirectProtocolHandler.NAME,
            WWWAuthenticationProtocolHandler.NAME,
            ProxyAuthenticationProtocolHandler.NAME,
            UPGRADE)
        .forEach(client.getProtocolHandlers()::remove);
    return client;
  }

  /// Nothing is understood on the way: no redirects, cookies, encodings or passwords.
  private static void relaysOnly(HttpClient client) {
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    // scripts behind a node end lines with LF alone, and fold them: every client takes that, and we
    // write a head anew
    client.setHttpCompliance(HttpCompliance.from("RFC9110,MULTILINE_FIELD_VALUE"));
    client.setResponseBufferSize(READ);
    client.setRequestBufferSize(HEAD);
    client.setMaxRequestHeadersSize(HEAD);
    client.setMaxResponseHeadersSize(HEAD);
    client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
    client.setMaxRequestsQueuedPerDestination(MOST_QUEUED);
    client.setIdleTimeout(KEPT_IDLE_MILLIS);
    client.setStrictEventOrdering(true);
  }

  private static SslContextFactory.Client trust(Optional<Path> authority) {
    var trust = new SslContextFactory.Client();
    trust.setEndpointIdentificationAlgorithm("HTTPS");
    authority.ifPresent(file -> trust.setTrustStore(Pem.authorities(file)));
    return trust;
  }
}
