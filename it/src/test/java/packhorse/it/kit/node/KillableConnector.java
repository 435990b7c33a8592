package packhorse.it.kit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A listener of a [PlainNode] that can close every connection it has accepted. For any thread.
///
/// Two kinds of connections that are accepted while the listener closes would otherwise stay open
/// without a response. Jetty does not know those that it does not serve yet. And when Jetty stops,
/// it interrupts the thread that accepts: if `accept` has just got a connection, the JDK then
/// throws an exception and does not close it.
final class KillableConnector extends ServerConnector {
  private final Set<Socket> sockets = new HashSet<>();

  /// Held while a thread accepts a connection.
  private final Lock accepting = new ReentrantLock();

  private boolean killed;

  KillableConnector(Server server, ConnectionFactory... protocols) {
    super(server, 1, 1, protocols);
  }

  @Override
  public void accept(int acceptorId) throws IOException {
    accepting.lock();
    try {
      super.accept(acceptorId);
    } finally {
      accepting.unlock();
    }
  }

  @Override
  protected void configure(Socket socket) {
    super.configure(socket);
    synchronized (sockets) {
      sockets.removeIf(Socket::isClosed);
      sockets.add(socket);
      if (killed) closeAll();
    }
  }

  /// Closes the listener and all connections, including those that are being accepted now.
  void kill() {
    close();
    // Waits for the end of an `accept` without interrupting it.
    accepting.lock();
    try {
      synchronized (sockets) {
        killed = true;
        closeAll();
      }
    } finally {
      accepting.unlock();
    }
  }

  private void closeAll() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
