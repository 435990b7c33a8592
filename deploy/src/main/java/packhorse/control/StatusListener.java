package packhorse.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import packhorse.request.CannotListen;

/// What monitoring reads, on an address of its own: {@code /healthz} (the process lives), {@code
/// /readyz} (it takes work), {@code /metrics} (Prometheus), {@code /status} (the nodes). Read only.
/// Started and closed by the assembly.
public final class StatusListener implements AutoCloseable {
  private final Server server;
  private final ServerConnector connector;

  /// What the pages show.
  ///
  /// @param ready whether new work is taken
  /// @param metrics the text that Prometheus reads
  /// @param status the nodes, in text
  public record Pages(BooleanSupplier ready, Supplier<String> metrics, Supplier<String> status) {}

  /// Listens and serves.
  ///
  /// @param name of the listener
  /// @param admits whether an address may ask
  /// @throws IOException when the address cannot be bound
  public StatusListener(
      String name, InetSocketAddress address, Predicate<InetAddress> admits, Pages pages)
      throws IOException {
    var threads = new QueuedThreadPool(8, 1);
    threads.setName("status");
    server = new Server(threads);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setHandler(new PageHandler(admits, pages));
    start(name, address);
  }

  /// The port that is listened on.
  public int port() {
    return connector.getLocalPort();
  }

  private void start(String name, InetSocketAddress address) throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      LifeCycle.stop(server);
      throw new CannotListen(name, address, e);
    } catch (Exception e) {
      throw new IOException("starting the status listener", e);
    }
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }

  private static final class PageHandler extends Handler.Abstract.NonBlocking {
    private final Predicate<InetAddress> admits;
    private final Pages pages;

    PageHandler(Predicate<InetAddress> admits, Pages pages) {
      this.admits = admits;
      this.pages = pages;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean admitted =
          request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress from
              && admits.test(from.getAddress());
      if (!admitted) return say(response, callback, HttpStatus.FORBIDDEN_403, "not from there\n");
      if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
        return say(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "read only\n");
      }
      return switch (Request.getPathInContext(request)) {
        case "/healthz" -> say(response, callback, HttpStatus.OK_200, "ok\n");
        case "/readyz" -> ready(response, callback);
        case "/metrics" -> say(response, callback, HttpStatus.OK_200, pages.metrics().get());
        case "/status" -> say(response, callback, HttpStatus.OK_200, pages.status().get());
        default ->
            say(
                response,
                callback,
                HttpStatus.NOT_FOUND_404,
                "/healthz /readyz /metrics /status\n");
      };
    }

    private boolean ready(Response response, Callback callback) {
      return pages.ready().getAsBoolean()
          ? say(response, callback, HttpStatus.OK_200, "ready\n")
          : say(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "draining\n");
    }

    private static boolean say(Response response, Callback callback, int status, String text) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      Content.Sink.write(response, true, text, callback);
      return true;
    }
  }
}
