package packhorse.it.kit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A listener of a [PlainNode] that can close every connection it has accepted. Jetty knows only
/// the connections that it serves: one that is accepted while the listener closes would stay open
/// without a response. For any thread.
final class KillableConnector extends ServerConnector {
  private final Set<Socket> sockets = new HashSet<>();
  private boolean killed;

  KillableConnector(Server server, ConnectionFactory... protocols) {
    super(server, 1, 1, protocols);
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
    synchronized (sockets) {
      killed = true;
      closeAll();
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
