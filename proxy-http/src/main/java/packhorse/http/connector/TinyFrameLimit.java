package packhorse.http.connector;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.util.Callback;

/// The flow control of one HTTP/2 connection (RFC 9113 §5.2), with a limit on tiny frames. Called
/// by Jetty on any thread.
///
/// The window of the connection limits the bytes that it may have sent and that were not read yet.
/// But Jetty keeps each frame in the buffer with which it was received, so many tiny frames would
/// take many times their length. A connection that sends such frames on one stream while they are
/// not read is closed.
final class TinyFrameLimit extends BufferingFlowControlStrategy {
  private static final int MAX_TINY_FRAMES = 256;
  private static final int TINY_FRAME = 1024;
  private static final float UPDATE_RATIO = 0.5f;

  private final Map<Stream, Body> bodies = new ConcurrentHashMap<>();

  /// What has been received of the body of a request, and not read yet.
  private static final class Body {
    private final AtomicInteger unreadFrames = new AtomicInteger();
    private final AtomicLong unreadBytes = new AtomicLong();
  }

  TinyFrameLimit() {
    super(UPDATE_RATIO);
  }

  @Override
  public void onStreamCreated(Stream stream) {
    super.onStreamCreated(stream);
    bodies.put(stream, new Body());
  }

  @Override
  public void onStreamDestroyed(Stream stream) {
    bodies.remove(stream);
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
  }
}
