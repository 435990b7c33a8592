package packhorse.http;

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
import packhorse.request.Arrivals;
import packhorse.request.CannotListen;

/// The HTTP front: hears clients on its listeners and gives their requests to the pipeline. Made,
/// started and stopped by the assembly.
public final class HttpFront implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(1);

  /// Besides those of the listeners: for what must not hold these up, as a handshake of TLS.
  private static final int THREADS = 32;

  private final Server server;
  private final FrontDoor door;
  private final Map<String, ServerConnector> connectors = new LinkedHashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /// @param listeners with different names
  /// @throws IllegalArgumentException for a certificate or key that cannot be used
  public HttpFront(
      List<HttpListener> listeners,
      FrontSettings settings,
      Pipeline pipeline,
      Arrivals arrivals,
      Buffers buffers) {
    var virtual = VirtualThreads.getNamedVirtualThreadsExecutor("http-");
    var threads = new QueuedThreadPool(listeners.size() * GuardedConnector.THREADS + THREADS, 4);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(virtual);
    // they move on the pumps that linger: as many threads as a pool's selectors, which move the
    // others
    var timers = new ScheduledExecutorScheduler("http-timers", true, NodeClients.SELECTORS);
    server = new Server(threads, timers, buffers.pool());
    server.setStopTimeout(0);
    Map<String, HttpListener> byName = new LinkedHashMap<>();
    for (HttpListener listener : listeners) {
      byName.put(listener.name(), listener);
      ServerConnector connector = Connectors.connector(server, listener, settings, buffers.pool());
      connector.setShutdownIdleTimeout(FrontDoor.IDLE_WHEN_STOPPING.toMillis());
      connector.addBean(new LoginClock(settings.login(), settings.idle(), server.getScheduler()));
      connectors.put(listener.name(), connector);
      server.addConnector(connector);
    }
    server.addBean(new NetworkConnectionLimit(settings.connections(), server));
    var arriving = new Arriving(byName, arrivals);
    server.setErrorHandler(new PlainErrors(pipeline, arriving));
    door = new FrontDoor(pipeline, arriving, virtual);
    server.setHandler(door);
  }

  /// Starts to hear clients.
  ///
  /// @throws IOException when an address cannot be taken; nothing is heard then
  public void start() throws IOException {
    try {
      for (var listener : connectors.entrySet()) open(listener.getKey(), listener.getValue());
      server.start();
    } catch (IOException e) {
      LifeCycle.stop(server);
      throw e;
    } catch (Exception e) {
      LifeCycle.stop(server);
      throw new IOException("the HTTP front does not start: " + e.getMessage(), e);
    }
  }

  private static void open(String name, ServerConnector connector) throws CannotListen {
    try {
      connector.open();
    } catch (IOException e) {
      var address = new InetSocketAddress(connector.getHost(), connector.getPort());
      throw new CannotListen(name, address, e);
    }
  }

  /// Where each listener really listens, by its name.
  public Map<String, InetSocketAddress> addresses() {
    Map<String, InetSocketAddress> real = new LinkedHashMap<>();
    connectors.forEach((name, connector) -> {
      String host = connector.getHost();
      int port = connector.getLocalPort();
      real.put(
          name, host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
    });
    return real;
  }

  /// Takes no more connections, closes idle ones, and waits for those that clients use: until all
  /// are closed, the time is up, or {@link #close} is called by another thread.
  public void drain(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    for (ServerConnector connector : connectors.values()) {
      connector.getBean(LoginClock.class).idle(FrontDoor.IDLE_WHEN_STOPPING);
    }
    var closed = CompletableFuture.anyOf(Graceful.shutdown(server), ended);
    door.patience(time);
    boolean goesOn = true;
    for (long left = time.toNanos(); goesOn && left > 0; left = until - System.nanoTime()) {
      // clients that have their answers close, or are closed, in a moment
      goesOn = !done(closed, Math.min(left, CLOSING.toNanos())) && door.busy();
    }
    // what still runs is cut off by closing
    ended.complete(null);
  }

  private static boolean done(CompletableFuture<?> coming, long nanos) throws InterruptedException {
    try {
      coming.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /// Ends at once, whatever runs.
  @Override
  public void close() {
    ended.complete(null);
    LifeCycle.stop(server);
  }
}
