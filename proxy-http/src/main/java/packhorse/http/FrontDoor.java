package packhorse.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.Pipeline;
import packhorse.request.Arrival;
import packhorse.request.Arrivals;
import packhorse.request.Front;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Where Jetty hands over each request: it is read, given to the pipeline on a virtual thread of
/// its own, and concluded.
final class FrontDoor extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

  private final Map<String, HttpListener> listeners;
  private final Pipeline pipeline;
  private final Arrivals arrivals;
  private final Executor virtualThreads;
  private final AtomicLong running = new AtomicLong();
  private final CompletableFuture<Void> quiet = new CompletableFuture<>();
  private volatile boolean closing;

  FrontDoor(
      Map<String, HttpListener> listeners,
      Pipeline pipeline,
      Arrivals arrivals,
      Executor virtualThreads) {
    this.listeners = Map.copyOf(listeners);
    this.pipeline = pipeline;
    this.arrivals = arrivals;
    this.virtualThreads = virtualThreads;
  }

  /// From now on new requests are refused; those that run go on.
  ///
  /// @return completed when the last of them has its answer
  CompletableFuture<Void> closing() {
    closing = true;
    if (running.get() == 0) quiet.complete(null);
    return quiet;
  }

  @Override
  public boolean handle(Request request, Response response, Callback end) {
    LoginClock.spoken(request);
    Callback done = Callback.from(() -> LoginClock.answered(request), end);
    // Jetty would take a wait for a slow node for an idle connection; how long each side may be
    // silent is watched elsewhere
    request.addIdleTimeoutListener(idle -> false);
    if (Thread.currentThread().isVirtual() && !upgrading(request)) {
      serve(request, response, done);
    } else {
      virtualThreads.execute(() -> serve(request, response, done));
    }
    return true;
  }

  // after "Upgrade: h2c" this thread must go on to read the connection's frames, window updates
  // among them
  private static boolean upgrading(Request request) {
    return request.getHeaders().contains(HttpHeader.HTTP2_SETTINGS);
  }

  private void serve(Request request, Response response, Callback done) {
    running.incrementAndGet();
    try {
      answer(request, response, done);
    } finally {
      if (running.decrementAndGet() == 0 && closing) quiet.complete(null);
    }
  }

  private void answer(Request request, Response response, Callback done) {
    HttpListener listener = listener(request);
    Arrival arrival = arrival(request, listener);
    RequestReader.Reading reading = RequestReader.read(request, arrival);
    var client = new HttpClientSide(request, response, arrival.id(), reading);
    try {
      if (listener.redirect().isPresent() && !reading.misframed()) {
        redirect(arrival, client, listener.redirect().get());
      } else {
        serve(arrival, reading, client);
      }
    } catch (RuntimeException broken) {
      // a fault of ours: the client is told that there is no answer, the operator why
      log.atError().addKeyValue("request", arrival.id()).setCause(broken).log("request broke");
    } finally {
      client.conclude(done);
    }
  }

  private void serve(Arrival arrival, RequestReader.Reading reading, HttpClientSide client) {
    if (closing) {
      pipeline.refuse(arrival, Refusal.of(Refusal.Kind.STOPPING, STOPPING), client);
    } else if (reading.request().isPresent()) {
      pipeline.serve(reading.request().get(), client);
    } else {
      pipeline.refuse(arrival, reading.refusal().orElseThrow(), client);
    }
  }

  private void redirect(
      Arrival arrival, HttpClientSide client, Function<String, Optional<URI>> encrypted) {
    try {
      client.redirect(encrypted);
    } catch (Refused refused) {
      pipeline.refuse(arrival, refused.refusal(), client);
    }
  }

  private static final String STOPPING = "the proxy is stopping; try again in a moment";

  private HttpListener listener(Request request) {
    String name = request.getConnectionMetaData().getConnector().getName();
    HttpListener listener = listeners.get(name);
    if (listener == null) throw new IllegalStateException("no listener \"" + name + "\"");
    return listener;
  }

  private Arrival arrival(Request request, HttpListener listener) {
    InetAddress from =
        request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
            ? socket.getAddress()
            : InetAddress.getLoopbackAddress();
    return arrivals.arrive(listener.name(), Front.HTTP, from, listener.encrypted());
  }
}
