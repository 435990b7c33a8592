package packhorse.http.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import packhorse.http.io.HttpBufferPool;
import packhorse.request.AcceptFailures;

/// The Jetty connector of a listener. It closes connections from addresses that the listener does
/// not allow before a byte is read, and all others by lingering, see [LingeringEndPoint].
public final class ListenerConnector extends ServerConnector {
  private static final int ACCEPTORS = 1;
  private static final int SELECTORS = Math.min(8, Runtime.getRuntime().availableProcessors());

  /// The number of threads that one connector occupies.
  public static final int THREADS = ACCEPTORS + SELECTORS;

  private final HttpBufferPool buffers;
  private final Predicate<InetAddress> addressFilter;
  private final AcceptFailures acceptFailures;
  private final LingeringEndPoint.LingerRegistry lingerRegistry =
      new LingeringEndPoint.LingerRegistry();

  ListenerConnector(
      Server server,
      HttpBufferPool buffers,
      HttpListener listener,
      ConnectionFactory... protocols) {
    super(
        server, (Executor) null, (Scheduler) null, buffers.pool(), ACCEPTORS, SELECTORS, protocols);
    this.buffers = buffers;
    this.addressFilter = listener.addressFilter();
    this.acceptFailures = new AcceptFailures(listener.name());
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel socket, ManagedSelector selector, SelectionKey key) throws IOException {
    if (!(socket.getRemoteAddress() instanceof InetSocketAddress client)
        || !addressFilter.test(client.getAddress())) {
      socket.close();
      throw new IOException("this address may not connect to this listener");
    }
    var endPoint =
        new LingeringEndPoint(socket, selector, key, getScheduler(), lingerRegistry, input());
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  /// Logs why connections cannot be accepted. Jetty then waits for a second.
  @Override
  protected boolean handleAcceptFailure(Throwable failure) {
    if (isRunning()) acceptFailures.warn(failure);
    return super.handleAcceptFailure(failure);
  }

  /// Always false, also while the front drains. Otherwise Jetty would close each connection after
  /// the response that is being sent, but a client that has received its refs requests the pack on
  /// the same connection. It is closed when it has been idle.
  @Override
  public boolean isShutdown() {
    return false;
  }

  private LingeringEndPoint.InputListener input() {
    return new LingeringEndPoint.InputListener() {
      @Override
      public boolean mayRead() {
        return !buffers.isExhausted();
      }

      @Override
      public void onBytesReceived(EndPoint endPoint, int count) {
        RequestDeadlines deadlines = getBean(RequestDeadlines.class);
        if (deadlines != null) deadlines.onBytesReceived(endPoint, count);
      }
    };
  }

  @Override
  protected void doStop() throws Exception {
    lingerRegistry.closeAll();
    super.doStop();
  }
}
