package packhorse.http.front;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.Pipeline;
import packhorse.http.connector.RequestDeadlines;
import packhorse.request.Arrival;
import packhorse.request.Refusal;

/// Receives each request from Jetty, reads it, and passes it to the pipeline on a virtual thread of
/// its own.
final class FrontHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(FrontHandler.class);

  /// How long a connection without a request stays open while the front drains: a client that has
  /// received its ref advertisement requests the pack next, and is served.
  static final Duration DRAIN_IDLE_TIMEOUT = Duration.ofMillis(300);

  private final Pipeline pipeline;
  private final ListenerRegistry listeners;
  private final Executor virtualThreads;
  private final ActiveRequests active = new ActiveRequests();

  FrontHandler(Pipeline pipeline, ListenerRegistry listeners, Executor virtualThreads) {
    this.pipeline = pipeline;
    this.listeners = listeners;
    this.virtualThreads = virtualThreads;
  }

  /// Sets the idle timeout of the connections that have a request.
  void extendIdleTimeouts(Duration timeout) {
    active.extendIdleTimeouts(timeout);
  }

  /// Resets the connections whose responses would otherwise seem complete when the front closes.
  void resetCloseDelimited() {
    active.resetCloseDelimited();
  }

  /// The number of requests that are being served.
  int activeRequests() {
    return active.count();
  }

  /// Whether a request is being served or a client may still send its next one.
  boolean isBusy() {
    return !active.idleFor(DRAIN_IDLE_TIMEOUT);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    RequestDeadlines.onRequestStart(request);
    PlainTextErrorHandler.markHandled(request);
    Callback done = Callback.from(() -> RequestDeadlines.onRequestEnd(request), callback);
    // Jetty would treat the wait for a slow node as an idle connection. The limits of silence are
    // enforced elsewhere, for each side.
    request.addIdleTimeoutListener(timeout -> false);
    if (Thread.currentThread().isVirtual()) {
      serve(request, response, done);
    } else {
      virtualThreads.execute(() -> serve(request, response, done));
    }
    return true;
  }

  private void serve(Request request, Response response, Callback done) {
    active.add(request);
    try {
      readAndServe(request, response, done);
    } finally {
      active.remove(request);
    }
  }

  private void readAndServe(Request request, Response response, Callback done) {
    Arrival arrival = listeners.newArrival(request);
    var httpsRedirect = listeners.listenerOf(request).httpsRedirect();
    RequestReader.Result result = RequestReader.read(request, arrival);
    var client = new HttpStatelessClient(request, response, arrival.id(), result);
    try {
      if (httpsRedirect.isPresent() && !result.badFraming()) {
        Refusal redirect = HttpsRedirect.refusal(request, httpsRedirect.get());
        pipeline.refuse(arrival, redirect, client);
      } else if (result.request().isPresent()) {
        pipeline.serve(result.request().get(), client);
      } else {
        pipeline.refuse(arrival, result.refusal().orElseThrow(), client);
      }
    } catch (RuntimeException e) {
      // A bug of the proxy: the log has the cause, and the client gets a refusal.
      log.atError()
          .addKeyValue("request", arrival.id())
          .setCause(e)
          .log("serving a request failed unexpectedly");
    } finally {
      client.finish(done);
    }
  }
}
