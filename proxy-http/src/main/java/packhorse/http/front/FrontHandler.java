package packhorse.http.front;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.Pipeline;
import packhorse.http.connector.RequestDeadlines;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;
import packhorse.request.Arrival;
import packhorse.request.LfsRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Receives each request from Jetty, reads it, and passes it to the pipeline on a virtual thread of
/// its own.
final class FrontHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(FrontHandler.class);

  /// How long a connection without a request stays open while the front drains: a client that has
  /// received its ref advertisement requests the pack next, and is served.
  static final Duration DRAIN_IDLE_TIMEOUT = Duration.ofMillis(300);

  private final Pipeline pipeline;
  private final ListenerRegistry listeners;
  private final MemoryBudget memory;
  private final Executor virtualThreads;
  private final ActiveRequests active = new ActiveRequests();

  FrontHandler(
      Pipeline pipeline, ListenerRegistry listeners, MemoryBudget memory, Executor virtualThreads) {
    this.memory = memory;
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

  /// Ends the requests that still wait when the front has closed.
  void interruptRequests() {
    active.interrupt();
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
    Arrival arrival = listeners.newArrival(request);
    MemoryShare share = memory.share(arrival.clientAddress());
    Callback done =
        Callback.from(
            () -> {
              share.close();
              RequestDeadlines.onRequestEnd(request);
            },
            callback);
    if (!share.admit()) {
      refuseForMemory(arrival, response, share, done);
      return true;
    }
    // Jetty would treat the wait for a slow node as an idle connection. The limits of silence are
    // enforced elsewhere, for each side.
    request.addIdleTimeoutListener(timeout -> false);
    if (Thread.currentThread().isVirtual()) {
      serve(arrival, request, response, share, done);
    } else {
      virtualThreads.execute(() -> serve(arrival, request, response, share, done));
    }
    return true;
  }

  // Called on any thread, so it waits for nothing, not even for the rest of the request.
  private void refuseForMemory(
      Arrival arrival, Response response, MemoryShare share, Callback done) {
    Refusal refusal = Refusal.noMemory();
    String id = arrival.id();
    RefusalResponse form = RefusalResponse.of(refusal, id, Optional.empty(), Optional.empty());
    ResponseHeadWriter.writeRefusal(response, refusal, form, true);
    pipeline.refuse(arrival, refusal, new BadRequestClient(response, id, share, done));
  }

  private void serve(
      Arrival arrival, Request request, Response response, MemoryShare share, Callback done) {
    active.add(request);
    try {
      readAndServe(arrival, request, response, share, done);
    } finally {
      active.remove(request);
    }
  }

  // What a batch of Git LFS does to the repository is known once its body has been read.
  private static packhorse.request.Request complete(
      packhorse.request.Request request, HttpStatelessClient client)
      throws RefusalException, IOException {
    return request instanceof LfsRequest lfs && lfs.call() == LfsRequest.Call.BATCH
        ? LfsBatchReader.read(lfs, client)
        : request;
  }

  private void readAndServe(
      Arrival arrival, Request request, Response response, MemoryShare share, Callback done) {
    var httpsRedirect = listeners.listenerOf(request).httpsRedirect();
    RequestReader.Result result = RequestReader.read(request, arrival);
    var client = new HttpStatelessClient(request, response, arrival.id(), result, share);
    try {
      if (httpsRedirect.isPresent() && !result.badFraming()) {
        Refusal redirect = HttpsRedirect.refusal(request, httpsRedirect.get());
        pipeline.refuse(arrival, redirect, client);
      } else if (result.request().isPresent()) {
        pipeline.serve(complete(result.request().get(), client), client);
      } else {
        pipeline.refuse(arrival, result.refusal().orElseThrow(), client);
      }
    } catch (RefusalException e) {
      pipeline.refuse(arrival, e.refusal(), client);
    } catch (ClientGoneException e) {
      log.atDebug().addKeyValue("request", arrival.id()).log("the client left");
    } catch (IOException | RuntimeException e) {
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
