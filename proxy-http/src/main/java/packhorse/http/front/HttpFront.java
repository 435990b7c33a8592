package packhorse.http.front;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import packhorse.Pipeline;
import packhorse.http.connector.ConnectorFactory;
import packhorse.http.connector.FrontSettings;
import packhorse.http.connector.HttpListener;
import packhorse.http.connector.ListenerConnector;
import packhorse.http.connector.RequestDeadlines;
import packhorse.http.io.HttpBufferPool;
import packhorse.http.io.Pump;
import packhorse.memory.ClientMemory;
import packhorse.request.ArrivalFactory;
import packhorse.request.BindFailedException;

/// The HTTP front: accepts connections on its listeners and passes requests to the pipeline.
/// Created and started by `Assembly`; drained and closed when the proxy stops.
public final class HttpFront implements AutoCloseable {
  private static final Duration DRAIN_CHECK_INTERVAL = Duration.ofSeconds(1);

  /// Threads besides those of the connectors, for work that must not delay them, such as TLS
  /// handshakes.
  private static final int EXTRA_THREADS = 32;

  private final Server server;
  private final FrontHandler handler;
  private final Map<String, ServerConnector> connectors = new LinkedHashMap<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /// @param listeners the listeners; their names must differ
  /// @throws IllegalArgumentException for a certificate or key that cannot be used
  public HttpFront(
      List<HttpListener> listeners,
      FrontSettings settings,
      Pipeline pipeline,
      ArrivalFactory arrivals,
      HttpBufferPool buffers,
      ClientMemory memory) {
    var virtualThreads = VirtualThreads.getNamedVirtualThreadsExecutor("http-");
    var threads =
        new QueuedThreadPool(listeners.size() * ListenerConnector.THREADS + EXTRA_THREADS, 4);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(virtualThreads);
    // The timers resume pumps that wait for more bytes.
    var timers = new ScheduledExecutorScheduler("http-timers", true, Pump.THREADS);
    server = new Server(threads, timers, buffers.pool());
    server.setStopTimeout(0);
    Map<String, HttpListener> byName = new LinkedHashMap<>();
    for (HttpListener listener : listeners) {
      byName.put(listener.name(), listener);
      ServerConnector connector = ConnectorFactory.create(server, listener, settings, buffers);
      connector.setShutdownIdleTimeout(FrontHandler.DRAIN_IDLE_TIMEOUT.toMillis());
      connector.addBean(
          new RequestDeadlines(
              settings.requestTimeout(),
              settings.idleTimeout(),
              server.getScheduler(),
              memory.connections(),
              listener.encrypted()));
      connectors.put(listener.name(), connector);
      server.addConnector(connector);
    }
    server.addBean(new NetworkConnectionLimit(settings.maxConnections(), server));
    var registry = new ListenerRegistry(byName, arrivals);
    server.setErrorHandler(new PlainTextErrorHandler(pipeline, registry, memory.requests()));
    handler = new FrontHandler(pipeline, registry, memory.requests(), virtualThreads);
    server.setHandler(handler);
  }

  /// Opens the listeners and starts to serve requests.
  ///
  /// @throws BindFailedException if an address cannot be bound; no listener is open then
  /// @throws IOException if the front cannot be started for another reason
  public void start() throws IOException {
    try {
      for (var connector : connectors.entrySet()) {
        open(connector.getKey(), connector.getValue());
      }
      server.start();
    } catch (IOException e) {
      LifeCycle.stop(server);
      throw e;
    } catch (Exception e) {
      LifeCycle.stop(server);
      throw new IOException("starting the HTTP front failed: " + e.getMessage(), e);
    }
  }

  private static void open(String name, ServerConnector connector) throws BindFailedException {
    try {
      connector.open();
    } catch (IOException e) {
      var address = new InetSocketAddress(connector.getHost(), connector.getPort());
      throw new BindFailedException(name, address, e);
    }
  }

  /// The addresses that the listeners are bound to, by the names of the listeners.
  public Map<String, InetSocketAddress> addresses() {
    Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    connectors.forEach((name, connector) -> {
      String host = connector.getHost();
      int port = connector.getLocalPort();
      addresses.put(
          name, host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
    });
    return addresses;
  }

  /// The number of requests that are being served.
  public int activeRequests() {
    return handler.activeRequests();
  }

  /// Accepts no more connections, closes idle ones, and waits until no request is running and no
  /// client is about to send its next one. Returns earlier when the time is up or another thread
  /// calls [#close]. Requests that are still running then are aborted by [#close].
  public void drain(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (ServerConnector connector : connectors.values()) {
      connector.getBean(RequestDeadlines.class).changeIdleTimeout(FrontHandler.DRAIN_IDLE_TIMEOUT);
    }
    var drained = CompletableFuture.anyOf(Graceful.shutdown(server), closed);
    handler.extendIdleTimeouts(timeout);
    boolean draining = true;
    for (long remaining = timeout.toNanos();
        draining && remaining > 0;
        remaining = deadline - System.nanoTime()) {
      // Once no request is left, the remaining connections are idle and will be closed soon, so
      // there is no need to wait for them.
      draining =
          !isDoneWithin(drained, Math.min(remaining, DRAIN_CHECK_INTERVAL.toNanos()))
              && handler.isBusy();
    }
    // Another call of this method would return immediately.
    closed.complete(null);
  }

  private static boolean isDoneWithin(CompletableFuture<?> future, long nanos)
      throws InterruptedException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /// Closes all listeners and connections immediately, which aborts all requests.
  @Override
  public void close() {
    closed.complete(null);
    handler.resetCloseDelimited();
    LifeCycle.stop(server);
    handler.interruptRequests();
  }
}
