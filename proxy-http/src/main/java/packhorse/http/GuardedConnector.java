package packhorse.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/// Jetty's connector, which closes connections from addresses that a listener does not allow before
/// a byte is read, and all others in peace.
final class GuardedConnector extends ServerConnector {
  private static final int ACCEPTORS = 1;
  private static final int SELECTORS = Math.min(8, Runtime.getRuntime().availableProcessors());

  /// How many threads one of them takes for itself.
  static final int THREADS = ACCEPTORS + SELECTORS;

  private final Predicate<InetAddress> allowed;
  private final LingeringSocket.Others lingering = new LingeringSocket.Others();

  GuardedConnector(
      Server server,
      ByteBufferPool buffers,
      Predicate<InetAddress> allowed,
      ConnectionFactory... protocols) {
    super(server, (Executor) null, (Scheduler) null, buffers, ACCEPTORS, SELECTORS, protocols);
    this.allowed = allowed;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel socket, ManagedSelector selector, SelectionKey key) throws IOException {
    if (!(socket.getRemoteAddress() instanceof InetSocketAddress from)
        || !allowed.test(from.getAddress())) {
      socket.close();
      throw new IOException("this address may not connect here");
    }
    var client = new LingeringSocket(socket, selector, key, this, lingering, this::heard);
    client.setIdleTimeout(getIdleTimeout());
    return client;
  }

  /// Never: Jetty would end each connection with the answer that is being sent, and a client that
  /// was given its refs asks for the pack on the same one. It ends when it has been silent.
  @Override
  public boolean isShutdown() {
    return false;
  }

  private void heard(EndPoint socket) {
    LoginClock clock = getBean(LoginClock.class);
    if (clock != null) clock.heard(socket);
  }

  @Override
  protected void doStop() throws Exception {
    lingering.end();
    super.doStop();
  }
}
