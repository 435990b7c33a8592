package packhorse.http.front;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import packhorse.http.connector.CutResponse;

/// Tracks the requests that are being served. While the front drains, Jetty gives every connection
/// a short idle timeout and then closes it with all its requests. The connections that have
/// requests get the time of the drain instead, until the response to their last request is
/// complete. Used by [FrontHandler], on any thread.
final class ActiveRequests {
  private final Map<Request, Thread> requests = new ConcurrentHashMap<>();
  private volatile long lastEnd = System.nanoTime();

  /// Adds a request that the current thread serves.
  void add(Request request) {
    requests.put(request, Thread.currentThread());
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
    requests.keySet().forEach(request -> endPoint(request).setIdleTimeout(timeout.toMillis()));
  }

  /// Resets the connections whose responses would otherwise seem complete when they are closed.
  void resetCloseDelimited() {
    requests.keySet().forEach(CutResponse::resetIfCloseDelimited);
  }

  /// Interrupts the threads of all requests. When Jetty has stopped, its timers and selectors wake
  /// none of them any more.
  void interrupt() {
    requests.values().forEach(Thread::interrupt);
  }

  private static EndPoint endPoint(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
