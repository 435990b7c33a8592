package packhorse.http;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.Pipeline;
import packhorse.request.Arrival;

/// Where Jetty hands over each request: it is read, given to the pipeline on a virtual thread of
/// its own, and concluded.
final class FrontDoor extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

  /// How long a connection without a request may stay while we stop: a client that has its list of
  /// refs asks for the pack next, and is served.
  static final Duration IDLE_WHEN_STOPPING = Duration.ofMillis(300);

  private final Pipeline pipeline;
  private final Arriving arriving;
  private final Executor virtualThreads;
  private final UnderWay underWay = new UnderWay();

  FrontDoor(Pipeline pipeline, Arriving arriving, Executor virtualThreads) {
    this.pipeline = pipeline;
    this.arriving = arriving;
    this.virtualThreads = virtualThreads;
  }

  /// Lets the connections of the requests that run be silent for so long.
  void patience(Duration silence) {
    underWay.patience(silence);
  }

  /// Whether a request runs, or a client may still ask for more.
  boolean busy() {
    return !underWay.idleFor(IDLE_WHEN_STOPPING);
  }

  @Override
  public boolean handle(Request request, Response response, Callback end) {
    LoginClock.spoken(request);
    PlainErrors.heard(request);
    Callback done = Callback.from(() -> LoginClock.answered(request), end);
    // Jetty would take a wait for a slow node for an idle connection; how long each side may be
    // silent is watched elsewhere
    request.addIdleTimeoutListener(idle -> false);
    // after "Upgrade: h2c" this thread must go on to read the connection's frames, window updates
    // among them
    boolean upgraded = CleartextHttp2.brought(request);
    if (Thread.currentThread().isVirtual() && !upgraded) {
      serve(request, upgraded, response, done);
    } else {
      virtualThreads.execute(() -> serve(request, upgraded, response, done));
    }
    return true;
  }

  private void serve(Request request, boolean upgraded, Response response, Callback done) {
    underWay.begin(request);
    try {
      answer(request, upgraded, response, done);
    } finally {
      underWay.end(request);
    }
  }

  private void answer(Request request, boolean upgraded, Response response, Callback done) {
    Arrival arrival = arriving.arrival(request);
    var redirect = arriving.listener(request).redirect();
    RequestReader.Reading reading = RequestReader.read(request, upgraded, arrival);
    var client = new HttpClientSide(request, response, arrival.id(), reading);
    try {
      if (redirect.isPresent() && !reading.misframed()) {
        pipeline.refuse(arrival, Redirect.of(request.getHttpURI(), redirect.get()), client);
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
    if (reading.request().isPresent()) {
      pipeline.serve(reading.request().get(), client);
    } else {
      pipeline.refuse(arrival, reading.refusal().orElseThrow(), client);
    }
  }
}
