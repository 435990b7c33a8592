package packhorse.http.connector;

import java.time.Duration;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.WindowRateControl;

/// Limits the rate of unusual HTTP/2 frames of a connection; Jetty closes a connection that exceeds
/// it. Most kinds of such frames are an attack when they are frequent. Two kinds are not: a client
/// that sends hundreds of small requests a second enlarges the window of each stream that has just
/// ended, and one whose push was refused still has data in flight. These frames are harmless and
/// have a higher limit of their own.
final class FrameRateLimits implements RateControl.Factory {
  private static final int UNUSUAL_FRAMES_PER_SECOND = 128;
  private static final int LATE_FRAMES_PER_SECOND = 20_000;

  @Override
  public RateControl newRateControl(EndPoint endPoint) {
    var unusual = new WindowRateControl(UNUSUAL_FRAMES_PER_SECOND, Duration.ofSeconds(1));
    var late = new WindowRateControl(LATE_FRAMES_PER_SECOND, Duration.ofSeconds(1));
    return frame -> isLate(frame) ? late.onEvent(frame) : unusual.onEvent(frame);
  }

  /// Whether the frame may belong to a stream that has just ended.
  private static boolean isLate(Object frame) {
    return switch (frame) {
      case WindowUpdateFrame update -> update.getWindowDelta() > 0;
      case DataFrame data -> data.remaining() > 0;
      default -> false;
    };
  }
}
