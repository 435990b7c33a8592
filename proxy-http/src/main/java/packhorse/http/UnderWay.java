package packhorse.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/// The requests that are being answered. While the front stops, Jetty gives every connection a
/// moment to be silent and then ends it with all its requests: those that carry a request are given
/// the time of the drain instead, until their last request has its answer. Used by [FrontDoor], on
/// any thread.
final class UnderWay {
  private final Set<Request> requests = ConcurrentHashMap.newKeySet();
  private volatile long lastEnd = System.nanoTime();

  void begin(Request request) {
    requests.add(request);
  }

  void end(Request request) {
    lastEnd = System.nanoTime();
    requests.remove(request);
  }

  /// Whether there has been none for so long.
  boolean idleFor(Duration time) {
    return requests.isEmpty() && System.nanoTime() - lastEnd >= time.toNanos();
  }

  /// Gives every connection that carries a request so much time to be silent.
  void patience(Duration silence) {
    requests.forEach(request -> endPoint(request).setIdleTimeout(silence.toMillis()));
  }

  private static EndPoint endPoint(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
