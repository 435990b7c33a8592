package packhorse.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.server.SshServer;

/// One listener: the library's server, which can also stop listening while its connections go on.
final class GitServer extends SshServer {
  private static final Duration GOODBYE = Duration.ofSeconds(1);
  private static final Duration LEAVING = Duration.ofMillis(500);

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

  /// Ends every connection: those in the midst of their goodbye get a moment for it. A client whose
  /// exec has ended leaves by itself; if we close before it has, it takes the exec for failed.
  void end() {
    try {
      letLeave();
      close(false).await(GOODBYE);
      close(true).await(GOODBYE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void letLeave() {
    // none any more once it was closed, or never was open
    List<AbstractSession> open = acceptor == null ? List.of() : getActiveSessions();
    CountDownLatch staying = new CountDownLatch(open.size());
    open.forEach(session -> session.addCloseFutureListener(closed -> staying.countDown()));
    try {
      boolean left = staying.await(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
      log.debug("clients have left: {}", left);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
