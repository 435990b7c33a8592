package packhorse.http.front;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import packhorse.http.connector.CutResponse;

/// Tracks the requests that are being served. While the front drains, Jetty gives every connection
/// a short idle timeout and then closes it with all its requests. The connections that have
/// requests get the time of the drain instead, until the response to their last request is
/// complete. Used by [FrontHandler], on any thread.
final class ActiveRequests {
  private final Set<Request> requests = ConcurrentHashMap.newKeySet();
  private volatile long lastEnd = System.nanoTime();

  void add(Request request) {
    requests.add(request);
  }

  void remove(Request request) {
    lastEnd = System.nanoTime();
    requests.remove(request);
  }

  int count() {
    return requests.size();
  }

  /// Whether there has been no request for this long.
  boolean idleFor(Duration time) {
    return requests.isEmpty() && System.nanoTime() - lastEnd >= time.toNanos();
  }

  /// Sets the idle timeout of every connection that has a request.
  void extendIdleTimeouts(Duration timeout) {
    requests.forEach(request -> endPoint(request).setIdleTimeout(timeout.toMillis()));
  }

  /// Resets the connections whose responses would otherwise seem complete when they are closed.
  void resetCloseDelimited() {
    requests.forEach(CutResponse::resetIfCloseDelimited);
  }

  private static EndPoint endPoint(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
