package packhorse.http.connector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.util.Callback;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;

/// The flow control of one HTTP/2 connection (RFC 9113 §5.2). A request begins with a small receive
/// window, which its share of the memory includes. If its body is long, as that of a push, the
/// window is enlarged once, if the memory of all requests suffices. Called by Jetty on any thread.
///
/// Jetty keeps each frame that was not read yet in the buffer with which it was received, so many
/// tiny frames would take many times their length. A connection that sends such frames on one
/// stream while they are not read is closed.
final class GrowingWindows extends BufferingFlowControlStrategy {
  static final int INITIAL_WINDOW = 64 * 1024;
  private static final int LARGE_WINDOW = 1024 * 1024;
  private static final int ADDED_WINDOW = LARGE_WINDOW - INITIAL_WINDOW;

  /// The length of body from which on a larger window is worth its memory.
  private static final int LONG_BODY = 256 * 1024;

  private static final int MAX_TINY_FRAMES = 256;
  private static final int TINY_FRAME = 1024;
  private static final float UPDATE_RATIO = 0.5f;

  private final MemoryBudget memory;
  private final Map<Stream, Body> bodies = new ConcurrentHashMap<>();

  /// What has been received and read of the body of a request.
  private static final class Body {
    private final AtomicInteger unreadFrames = new AtomicInteger();
    private final AtomicLong unreadBytes = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final MemoryShare share;

    Body(MemoryShare share) {
      this.share = share;
    }
  }

  GrowingWindows(MemoryBudget memory) {
    super(UPDATE_RATIO);
    this.memory = memory;
  }

  @Override
  public void onStreamCreated(Stream stream) {
    super.onStreamCreated(stream);
    bodies.put(stream, new Body(memory.share(address(stream.getSession()))));
  }

  private static InetAddress address(Session session) {
    return session.getRemoteSocketAddress() instanceof InetSocketAddress client
        ? client.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  @Override
  public void onStreamDestroyed(Stream stream) {
    Body body = bodies.remove(stream);
    if (body != null) body.share.close();
    super.onStreamDestroyed(stream);
  }

  @Override
  public void onDataReceived(Session session, Stream stream, int length) {
    super.onDataReceived(session, stream, length);
    Body body = stream == null ? null : bodies.get(stream);
    if (body == null) return;
    long bytes = body.unreadBytes.addAndGet(length);
    int frames = body.unreadFrames.incrementAndGet();
    if (frames > MAX_TINY_FRAMES && bytes < (long) frames * TINY_FRAME) {
      session.close(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "too many tiny frames", Callback.NOOP);
    }
  }

  @Override
  public void onDataConsumed(Session session, Stream stream, int length) {
    super.onDataConsumed(session, stream, length);
    Body body = stream == null ? null : bodies.get(stream);
    if (body == null) return;
    // What a stream leaves unread is reported at once, however many frames it has.
    if (body.unreadBytes.addAndGet(-length) <= 0) body.unreadFrames.set(0);
    else body.unreadFrames.decrementAndGet();
    if (stream.isRemotelyClosed()) return;
    long read = body.read.addAndGet(length);
    boolean nowLong = read >= LONG_BODY && read - length < LONG_BODY;
    if (nowLong && body.share.tryTake(ADDED_WINDOW)) {
      updateRecvWindow(stream, ADDED_WINDOW);
      sendWindowUpdate(
          session, stream, List.of(new WindowUpdateFrame(stream.getId(), ADDED_WINDOW)));
    }
  }
}
