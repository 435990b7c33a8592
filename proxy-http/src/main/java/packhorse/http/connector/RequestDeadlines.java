package packhorse.http.connector;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.CyclicTimeout;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// Closes connections that do not send a request in time. An idle timeout does not suffice, because
/// a client that sends a byte now and then is never idle. A new connection has the request timeout,
/// TLS handshake included. A kept-alive connection has the idle timeout, whatever it sends
/// meanwhile, and over HTTP/1 the request timeout from the first byte of its next request. Listens
/// to the connections of one connector; used on any thread.
public final class RequestDeadlines implements Connection.Listener {
  private final Duration requestTimeout;
  private volatile Duration idleTimeout;
  private final Scheduler scheduler;
  private final Map<EndPoint, Deadline> deadlines = new ConcurrentHashMap<>();

  public RequestDeadlines(Duration requestTimeout, Duration idleTimeout, Scheduler scheduler) {
    this.requestTimeout = requestTimeout;
    this.idleTimeout = idleTimeout;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint socket = socket(connection.getEndPoint());
    deadlines.computeIfAbsent(socket, opened -> new Deadline(opened, requestTimeout));
  }

  @Override
  public void onClosed(Connection connection) {
    // An upgraded connection is closed while its socket stays open.
    EndPoint socket = socket(connection.getEndPoint());
    if (socket.isOpen()) return;
    Deadline deadline = deadlines.remove(socket);
    if (deadline != null) deadline.destroy();
  }

  /// Changes the idle timeout of kept-alive connections, from the end of their next response on.
  public void changeIdleTimeout(Duration timeout) {
    idleTimeout = timeout;
  }

  /// Called when the head of a request was received.
  public static void onRequestStart(Request request) {
    Deadline deadline = deadline(request);
    boolean http1 =
        request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_2) < 0;
    if (deadline != null) deadline.onRequestStart(http1);
  }

  /// Called when a request has ended, successfully or not.
  public static void onRequestEnd(Request request) {
    Deadline deadline = deadline(request);
    if (deadline != null) deadline.onRequestEnd();
  }

  void onBytesReceived(EndPoint socket) {
    Deadline deadline = deadlines.get(socket);
    if (deadline != null) deadline.onBytesReceived();
  }

  private static @Nullable Deadline deadline(Request request) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    RequestDeadlines owner = connection.getConnector().getBean(RequestDeadlines.class);
    EndPoint socket = socket(connection.getConnection().getEndPoint());
    return owner == null ? null : owner.deadlines.get(socket);
  }

  private static EndPoint socket(EndPoint endPoint) {
    EndPoint inner = endPoint;
    while (inner instanceof EndPoint.Wrapper wrapper) inner = wrapper.unwrap();
    return inner;
  }

  /// The deadline of one socket for its next request. One timer serves all requests of the socket:
  /// as long as it does not expire, it is only reset, which schedules nothing anew.
  private final class Deadline extends CyclicTimeout {
    private final EndPoint socket;
    private int activeRequests;
    private boolean nextByteStartsRequest;

    Deadline(EndPoint socket, Duration timeout) {
      super(scheduler);
      this.socket = socket;
      restart(timeout);
    }

    synchronized void onRequestStart(boolean http1) {
      cancel();
      activeRequests++;
      // Over HTTP/2, bytes that arrive between two requests need not belong to the next one.
      nextByteStartsRequest = http1;
    }

    synchronized void onRequestEnd() {
      activeRequests--;
      if (activeRequests == 0) restart(idleTimeout);
    }

    synchronized void onBytesReceived() {
      if (!nextByteStartsRequest || activeRequests > 0) return;
      nextByteStartsRequest = false;
      restart(requestTimeout);
    }

    private void restart(Duration timeout) {
      schedule(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onTimeoutExpired() {
      synchronized (this) {
        if (activeRequests > 0) return;
      }
      deadlines.remove(socket);
      socket.close(new TimeoutException("no request in time"));
    }
  }
}
