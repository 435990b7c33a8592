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
import packhorse.http.io.EndPoints;
import packhorse.memory.ConnectionBudget;

/// Closes connections that do not send a request in time. An idle timeout does not suffice, because
/// a client that sends a byte now and then is never idle. A new connection has the request timeout,
/// TLS handshake included. A kept-alive connection has the idle timeout, whatever it sends
/// meanwhile, and over HTTP/1 the request timeout from the first byte of its next request. Also
/// counts what the connections take of the memory, and closes those without a request for which it
/// does not suffice. Listens to the connections of one connector; used on any thread.
public final class RequestDeadlines implements Connection.Listener {
  // What a connection takes at most, in bytes: 6 KiB as measured without a request, and the tables
  // of HTTP/2; with TLS, its keys and the buffers of an unfinished record.
  private static final int CLEARTEXT_BYTES = 16 * 1024;
  private static final int TLS_BYTES = 64 * 1024;

  /// The bytes of heap for each byte of a head, which is kept in many small objects.
  private static final int HEAP_PER_HEAD_BYTE = 2;

  /// No head is longer; other bytes, such as the frames of an idle HTTP/2 connection, are not kept.
  private static final int MAX_HEAD_BYTES = 40 * 1024;

  private final Duration requestTimeout;
  private final ConnectionBudget budget;
  private final int connectionBytes;
  private volatile Duration idleTimeout;
  private final Scheduler scheduler;
  private final Map<EndPoint, Deadline> deadlines = new ConcurrentHashMap<>();

  /// @param encrypted whether the connections use TLS
  public RequestDeadlines(
      Duration requestTimeout,
      Duration idleTimeout,
      Scheduler scheduler,
      ConnectionBudget budget,
      boolean encrypted) {
    this.budget = budget;
    this.connectionBytes = encrypted ? TLS_BYTES : CLEARTEXT_BYTES;
    this.requestTimeout = requestTimeout;
    this.idleTimeout = idleTimeout;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint socket = EndPoints.socketOf(connection.getEndPoint());
    // With TLS this is called for each layer, always on the same thread.
    if (deadlines.containsKey(socket)) return;
    Deadline deadline = new Deadline(socket, requestTimeout);
    deadlines.put(socket, deadline);
    // It may have been closed at once, for want of memory.
    if (!socket.isOpen()) end(socket);
  }

  @Override
  public void onClosed(Connection connection) {
    // An upgraded connection is closed while its socket stays open.
    EndPoint socket = EndPoints.socketOf(connection.getEndPoint());
    if (!socket.isOpen()) end(socket);
  }

  private void end(EndPoint socket) {
    Deadline deadline = deadlines.remove(socket);
    if (deadline != null) deadline.end();
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

  void onBytesReceived(EndPoint socket, int count) {
    Deadline deadline = deadlines.get(socket);
    if (deadline != null) deadline.onBytesReceived(count);
  }

  private static @Nullable Deadline deadline(Request request) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    RequestDeadlines owner = connection.getConnector().getBean(RequestDeadlines.class);
    EndPoint socket = EndPoints.socketOf(connection.getConnection().getEndPoint());
    return owner == null ? null : owner.deadlines.get(socket);
  }

  /// The deadline of one socket for its next request. One timer serves all requests of the socket:
  /// as long as it does not expire, it is only reset, which schedules nothing anew.
  private final class Deadline extends CyclicTimeout {
    private final EndPoint socket;
    private final ConnectionBudget.Place place;
    private int activeRequests;
    private int headBytes;
    private boolean nextByteStartsRequest;

    Deadline(EndPoint socket, Duration timeout) {
      super(scheduler);
      this.socket = socket;
      this.place =
          budget.open(
              EndPoints.ipAddress(socket.getRemoteSocketAddress()), connectionBytes, socket::close);
      restart(timeout);
    }

    void end() {
      destroy();
      place.close();
    }

    synchronized void onRequestStart(boolean http1) {
      cancel();
      place.requestStarted();
      headBytes = 0;
      activeRequests++;
      // Over HTTP/2, bytes that arrive between two requests need not belong to the next one.
      nextByteStartsRequest = http1;
    }

    synchronized void onRequestEnd() {
      activeRequests--;
      place.requestEnded();
      if (activeRequests == 0) restart(idleTimeout);
    }

    void onBytesReceived(int count) {
      int added;
      synchronized (this) {
        if (activeRequests > 0) return;
        if (nextByteStartsRequest) restart(requestTimeout);
        nextByteStartsRequest = false;
        added = Math.min(count, MAX_HEAD_BYTES - headBytes);
        headBytes += added;
      }
      if (added > 0) place.addUnfinished((long) added * HEAP_PER_HEAD_BYTE);
    }

    private void restart(Duration timeout) {
      schedule(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onTimeoutExpired() {
      synchronized (this) {
        if (activeRequests > 0) return;
      }
      if (deadlines.remove(socket) != null) place.close();
      socket.close(new TimeoutException("no request in time"));
    }
  }
}
