package packhorse.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.sshd.server.SshServer;

/// One listener: the library's server, which can also stop listening while its connections go on.
final class GitServer extends SshServer {
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  /// Listens.
  ///
  /// @return the address with its real port
  InetSocketAddress listen() throws IOException {
    start();
    return (InetSocketAddress) getBoundAddresses().iterator().next();
  }

  void stopListening() {
    if (acceptor != null) acceptor.unbind();
  }

  /// Ends every connection: those in the midst of their goodbye get a moment for it.
  void end() {
    try {
      close(false).await(GOODBYE);
      close(true).await(GOODBYE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
