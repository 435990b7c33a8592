package packhorse.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes new connections that do not get as far as a first request in time, TLS included; a client
/// that sends a byte now and then is not idle, and would stay for ever. Listens to a connector;
/// used on any thread.
final class LoginClock implements Connection.Listener {
  private final Duration limit;
  private final Scheduler scheduler;
  private final Map<EndPoint, Scheduler.Task> waiting = new ConcurrentHashMap<>();

  LoginClock(Duration limit, Scheduler scheduler) {
    this.limit = limit;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint socket = socket(connection.getEndPoint());
    waiting.computeIfAbsent(
        socket,
        late -> scheduler.schedule(() -> tooLate(socket), limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void tooLate(EndPoint socket) {
    waiting.remove(socket);
    socket.close(new TimeoutException("no request in time"));
  }

  @Override
  public void onClosed(Connection connection) {
    // an upgraded connection is closed while its socket lives on
    EndPoint socket = socket(connection.getEndPoint());
    if (!socket.isOpen()) stop(socket);
  }

  /// A request came on this connection.
  static void spoken(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    LoginClock clock = request.getConnectionMetaData().getConnector().getBean(LoginClock.class);
    if (clock != null) clock.stop(socket(connection.getEndPoint()));
  }

  private void stop(EndPoint socket) {
    Scheduler.Task task = waiting.remove(socket);
    if (task != null) task.cancel();
  }

  private static EndPoint socket(EndPoint endPoint) {
    EndPoint inner = endPoint;
    while (inner instanceof EndPoint.Wrapper wrapper) inner = wrapper.unwrap();
    return inner;
  }
}
