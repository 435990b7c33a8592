package packhorse.http;

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

/// Closes connections that do not get as far as a request in time: a client that sends a byte now
/// and then is not idle, and would stay for ever. A new connection has the time for a login, TLS
/// included; one that is kept has the time for idle connections, whatever it sends meanwhile, and
/// over HTTP/1 the time for a login from the first byte of its next request. Listens to a
/// connector; used on any thread.
final class LoginClock implements Connection.Listener {
  private final Duration login;
  private volatile Duration idle;
  private final Scheduler scheduler;
  private final Map<EndPoint, Waiting> sockets = new ConcurrentHashMap<>();

  LoginClock(Duration login, Duration idle, Scheduler scheduler) {
    this.login = login;
    this.idle = idle;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint socket = socket(connection.getEndPoint());
    sockets.computeIfAbsent(socket, opened -> new Waiting(opened, login));
  }

  @Override
  public void onClosed(Connection connection) {
    // an upgraded connection is closed while its socket lives on
    EndPoint socket = socket(connection.getEndPoint());
    if (socket.isOpen()) return;
    Waiting waiting = sockets.remove(socket);
    if (waiting != null) waiting.destroy();
  }

  /// From now on a connection that is kept has so much time.
  void idle(Duration time) {
    idle = time;
  }

  /// A request came on this connection.
  static void spoken(Request request) {
    Waiting waiting = waiting(request);
    boolean http1 =
        request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_2) < 0;
    if (waiting != null) waiting.asked(http1);
  }

  /// A request that came on this connection has ended.
  static void answered(Request request) {
    Waiting waiting = waiting(request);
    if (waiting != null) waiting.answered();
  }

  /// Bytes came on this socket.
  void heard(EndPoint socket) {
    Waiting waiting = sockets.get(socket);
    if (waiting != null) waiting.heard();
  }

  private static @Nullable Waiting waiting(Request request) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    LoginClock clock = connection.getConnector().getBean(LoginClock.class);
    EndPoint socket = socket(connection.getConnection().getEndPoint());
    return clock == null ? null : clock.sockets.get(socket);
  }

  private static EndPoint socket(EndPoint endPoint) {
    EndPoint inner = endPoint;
    while (inner instanceof EndPoint.Wrapper wrapper) inner = wrapper.unwrap();
    return inner;
  }

  /// One socket, and how long it may stay without a request: set and stopped with each, so nothing
  /// is scheduled anew as long as it does not run out.
  private final class Waiting extends CyclicTimeout {
    private final EndPoint socket;
    private int running;
    private boolean begins;

    Waiting(EndPoint socket, Duration first) {
      super(scheduler);
      this.socket = socket;
      start(first);
    }

    synchronized void asked(boolean http1) {
      cancel();
      running++;
      begins = http1;
    }

    synchronized void answered() {
      running--;
      if (running == 0) start(idle);
    }

    // what comes over HTTP/2 between two requests need not be the next one
    synchronized void heard() {
      if (!begins || running > 0) return;
      begins = false;
      start(login);
    }

    private void start(Duration limit) {
      schedule(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onTimeoutExpired() {
      synchronized (this) {
        if (running > 0) return;
      }
      sockets.remove(socket);
      socket.close(new TimeoutException("no request in time"));
    }
  }
}
