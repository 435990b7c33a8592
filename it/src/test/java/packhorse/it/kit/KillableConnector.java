package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A listener of a [PlainNode] that can close every connection it has accepted. Jetty knows only
/// those that it serves: one that is accepted while the listener closes would stay open, and never
/// be answered. For any thread.
final class KillableConnector extends ServerConnector {
  private final Set<Socket> accepted = new HashSet<>();
  private boolean killed;

  KillableConnector(Server server, ConnectionFactory... protocols) {
    super(server, 1, 1, protocols);
  }

  @Override
  protected void configure(Socket socket) {
    super.configure(socket);
    synchronized (accepted) {
      accepted.removeIf(Socket::isClosed);
      accepted.add(socket);
      if (killed) closeAll();
    }
  }

  /// Listens no more, and closes all connections, also those that are being accepted now.
  void kill() {
    close();
    synchronized (accepted) {
      killed = true;
      closeAll();
    }
  }

  private void closeAll() {
    for (Socket socket : accepted) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
