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
import packhorse.request.BindFailedException;

/// Serves pages for monitoring, on an address of its own: `/healthz` (the process is running),
/// `/readyz` (it accepts new requests), `/metrics` (Prometheus) and `/status` (the nodes). Nothing
/// can be changed through it. Opened and closed by `Assembly`; serves requests on threads of its
/// own.
public final class StatusListener implements AutoCloseable {
  private final Server server;
  private final ServerConnector connector;

  /// The contents of the pages. Each request calls the supplier of its page.
  ///
  /// @param ready whether the proxy accepts new requests
  /// @param metrics the meters in Prometheus' text format
  /// @param status the state of each node, one a line
  public record Pages(BooleanSupplier ready, Supplier<String> metrics, Supplier<String> status) {}

  /// Opens the listener.
  ///
  /// @param name the name of the listener in the configuration
  /// @param admits whether a client's address may read the pages
  /// @throws BindFailedException when the address cannot be bound
  /// @throws IOException when the listener cannot be started for another reason
  public StatusListener(
      String name, InetSocketAddress address, Predicate<InetAddress> admits, Pages pages)
      throws IOException {
    var threads = new QueuedThreadPool(8, 1);
    threads.setName("status");
    server = new Server(threads);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ReservingConnector(server, name, address, new HttpConnectionFactory(http));
    server.addConnector(connector);
    server.setHandler(new PageHandler(admits, pages));
    start(name, address);
  }

  /// Returns the port that was bound.
  public int port() {
    return connector.getLocalPort();
  }

  private void start(String name, InetSocketAddress address) throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      LifeCycle.stop(server);
      throw new BindFailedException(name, address, e);
    } catch (Exception e) {
      throw new IOException("could not start the status listener", e);
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
      if (!admitted)
        return sendText(
            response,
            callback,
            HttpStatus.FORBIDDEN_403,
            "access from this address is not allowed\n");
      if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
        return sendText(
            response,
            callback,
            HttpStatus.METHOD_NOT_ALLOWED_405,
            "only GET and HEAD are allowed\n");
      }
      return switch (Request.getPathInContext(request)) {
        case "/healthz" -> sendText(response, callback, HttpStatus.OK_200, "ok\n");
        case "/readyz" -> sendReadiness(response, callback);
        case "/metrics" -> sendText(response, callback, HttpStatus.OK_200, pages.metrics().get());
        case "/status" -> sendText(response, callback, HttpStatus.OK_200, pages.status().get());
        default ->
            sendText(
                response,
                callback,
                HttpStatus.NOT_FOUND_404,
                "not found; the pages are /healthz, /readyz, /metrics and /status\n");
      };
    }

    private boolean sendReadiness(Response response, Callback callback) {
      return pages.ready().getAsBoolean()
          ? sendText(response, callback, HttpStatus.OK_200, "ready\n")
          : sendText(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "draining\n");
    }

    private static boolean sendText(Response response, Callback callback, int status, String text) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      Content.Sink.write(response, true, text, callback);
      return true;
    }
  }
}
