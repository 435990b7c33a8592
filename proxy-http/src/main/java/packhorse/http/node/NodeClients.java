package packhorse.http.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
import packhorse.http.io.HttpBufferPool;
import packhorse.http.io.Pump;
import packhorse.http.io.WaitTimer;
import packhorse.http.tls.Pem;
import packhorse.node.Node;

/// Jetty's HTTP clients for the nodes: one for each pool, because each pool trusts certificate
/// authorities of its own. Made and closed by `Assembly`; the clients are used on any thread.
public final class NodeClients implements AutoCloseable {
  /// Threads besides the selectors, for work that must not delay them, such as address resolution.
  private static final int EXTRA_THREADS = 24;

  private static final String UPGRADE_HANDLER = "upgrade";
  private static final int MAX_CONNECTIONS = 4096;
  private static final int MAX_QUEUED_REQUESTS = 4096;
  private static final int HEAD_SIZE = 64 * 1024;
  private static final long IDLE_CONNECTION_MILLIS = 20_000;

  private static final Duration MAX_SILENCE_OF_DOWN_NODE = Duration.ofSeconds(1);

  private final Map<String, HttpClient> byPool = new LinkedHashMap<>();
  private final QueuedThreadPool threads;
  private final Scheduler timers = new ScheduledExecutorScheduler("to-nodes-timers", true);
  private final WaitTimer waitTimer = new WaitTimer(timers);
  private final NodeTimeouts timeouts;
  private final HttpBufferPool buffers;

  private final Set<JettyResponse> reads = ConcurrentHashMap.newKeySet();

  /// Starts the clients.
  ///
  /// @param authorities for each pool, by its name, the PEM file of the certificate authorities
  ///   that its nodes are verified with; if empty, those of the Java runtime
  public NodeClients(
      Map<String, Optional<Path>> authorities, NodeTimeouts timeouts, HttpBufferPool buffers) {
    this.timeouts = timeouts;
    this.buffers = buffers;
    threads = new QueuedThreadPool(authorities.size() * Pump.THREADS + EXTRA_THREADS, 4);
    threads.setName("to-nodes");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    LifeCycle.start(threads);
    LifeCycle.start(timers);
    authorities.forEach((pool, file) -> byPool.put(pool, startClient(pool, file)));
  }

  HttpClient clientFor(Node node) {
    HttpClient client = byPool.get(node.pool());
    if (client == null) throw new IllegalArgumentException("no pool \"" + node.pool() + "\"");
    return client;
  }

  WaitTimer waitTimer() {
    return waitTimer;
  }

  NodeTimeouts timeouts() {
    return timeouts;
  }

  /// Adds a response to a read, whose body has not been read yet.
  void addRead(JettyResponse response) {
    reads.add(response);
  }

  void removeRead(JettyResponse response) {
    reads.remove(response);
  }

  /// Aborts the responses to reads that this node has begun and does not go on with. Called while
  /// the node is down, on the thread of its probes. The response to a push is still waited for: its
  /// client could not learn what became of the push.
  public void abortSilentReads(Node node) {
    for (JettyResponse response : reads) {
      if (response.node().equals(node)) response.abortIfSilent(MAX_SILENCE_OF_DOWN_NODE);
    }
  }

  @Override
  public void close() {
    for (HttpClient client : byPool.values()) LifeCycle.stop(client);
    waitTimer.destroy();
    LifeCycle.stop(timers);
    LifeCycle.stop(threads);
  }

  private HttpClient startClient(String pool, Optional<Path> authority) {
    var connector = new ClientConnector();
    connector.setSelectors(Pump.THREADS);
    connector.setExecutor(threads);
    connector.setScheduler(timers);
    connector.setByteBufferPool(buffers.pool());
    connector.setConnectTimeout(timeouts.connect());
    connector.setTCPNoDelay(true);
    connector.setSslContextFactory(clientTls(authority));
    var transport = new StrictHttp1Transport(connector);
    // The callbacks from Jetty only pass an event on and never block, so Jetty need not start a
    // thread for them.
    transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
    var client = new HttpClient(transport);
    client.setName("to-" + pool);
    client.setExecutor(threads);
    client.setByteBufferPool(buffers.pool());
    configureAsRelay(client);
    client.setConnectTimeout(timeouts.connect().toMillis());
    client.setAddressResolutionTimeout(timeouts.connect().toMillis());
    LifeCycle.start(client);
    // Decoders and handlers are installed while the client starts, so they are removed afterwards.
    client.getContentDecoderFactories().clear();
    List.of(
            RedirectProtocolHandler.NAME,
            WWWAuthenticationProtocolHandler.NAME,
            ProxyAuthenticationProtocolHandler.NAME,
            UPGRADE_HANDLER)
        .forEach(client.getProtocolHandlers()::remove);
    InterimResponseHandler.REPLACED.forEach(client.getProtocolHandlers()::remove);
    client.getProtocolHandlers().put(new InterimResponseHandler());
    return client;
  }

  /// Turns off everything that acts on a response: redirects, cookies, decoding, authentication.
  private static void configureAsRelay(HttpClient client) {
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    // Scripts behind a node end lines with LF alone and fold them, and every client accepts that.
    // The proxy writes a new head for the client, so it accepts it too.
    client.setHttpCompliance(HttpCompliance.from("RFC9110,MULTILINE_FIELD_VALUE"));
    client.setResponseBufferSize(HttpBufferPool.NODE_READ_SIZE);
    client.setRequestBufferSize(HEAD_SIZE);
    client.setMaxRequestHeadersSize(HEAD_SIZE);
    client.setMaxResponseHeadersSize(HEAD_SIZE);
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setMaxRequestsQueuedPerDestination(MAX_QUEUED_REQUESTS);
    client.setIdleTimeout(IDLE_CONNECTION_MILLIS);
    client.setStrictEventOrdering(true);
  }

  private static SslContextFactory.Client clientTls(Optional<Path> authority) {
    var tls = new SslContextFactory.Client();
    tls.setEndpointIdentificationAlgorithm("HTTPS");
    authority.ifPresent(file -> tls.setTrustStore(Pem.trustStore(file)));
    return tls;
  }
}
