package packhorse.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/// A client's socket whose last words arrive (RFC 9112 §9.6): a socket that is closed while the
/// client still sends is answered with a reset, which takes what we said last, a GOAWAY or a
/// refusal, out of the client's hands. So our side is shut first, and what still comes is read and
/// forgotten until the client closes too or the time is up. Made by the {@link GuardedConnector};
/// closed on any thread, emptied by the scheduler.
final class LingeringSocket extends SocketChannelEndPoint {
  private static final long MOST_MILLIS = 1_000;
  private static final long STEP_MILLIS = 20;
  private static final int PIECE = 16 * 1024;
  private static final int PIECES = 64;

  private final Others others;
  private final Scheduler scheduler;
  private final Consumer<EndPoint> heard;
  private volatile boolean left;
  private long until;

  /// Those of a connector that linger now: so many that a flood cannot take all descriptors.
  static final class Others {
    private static final int MOST = 256;

    private final Set<LingeringSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /// Closes all at once, and every one that comes from now on.
    void end() {
      ended = true;
      sockets.forEach(LingeringSocket::closeNow);
    }

    private boolean take(LingeringSocket socket) {
      return sockets.size() < MOST && sockets.add(socket) && !ended;
    }
  }

  /// @param heard told of each read that brought something
  LingeringSocket(
      SocketChannel socket,
      ManagedSelector selector,
      SelectionKey key,
      GuardedConnector connector,
      Others others,
      Consumer<EndPoint> heard) {
    super(socket, selector, key, connector.getScheduler());
    this.scheduler = connector.getScheduler();
    this.others = others;
    this.heard = heard;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int n = super.fill(buffer);
    if (n > 0) heard.accept(this);
    return n;
  }

  @Override
  public boolean isOpen() {
    return !left && super.isOpen();
  }

  @Override
  public void doClose() {
    left = true;
    until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
    if (shut() && others.take(this)) {
      linger();
    } else {
      closeNow();
    }
  }

  private void linger() {
    if (emptied() || others.ended || System.nanoTime() - until > 0) {
      closeNow();
    } else {
      scheduler.schedule(this::linger, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void closeNow() {
    others.sockets.remove(this);
    super.doClose();
  }

  // false: the client is gone, and there is nobody to wait for
  private boolean shut() {
    try {
      getChannel().shutdownOutput();
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private boolean emptied() {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    try {
      for (int i = 0; i < PIECES; i++) {
        int n = getChannel().read(piece.clear());
        if (n <= 0) return n < 0;
      }
      return false;
    } catch (IOException gone) {
      return true;
    }
  }
}
