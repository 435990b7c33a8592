package packhorse.http;

import java.time.Duration;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.WindowRateControl;

/// How many odd HTTP/2 frames a second a client may send before it is asked to go away. Most kinds
/// are attacks when they come often. But an honest client that asks hundreds of small questions a
/// second enlarges the window of each stream that has just ended, and one whose push was turned
/// away has data under way: those are harmless, and have a limit of their own.
final class FrameRates implements RateControl.Factory {
  private static final int ODD = 128;
  private static final int LATE = 20_000;

  @Override
  public RateControl newRateControl(EndPoint endPoint) {
    var odd = new WindowRateControl(ODD, Duration.ofSeconds(1));
    var late = new WindowRateControl(LATE, Duration.ofSeconds(1));
    return frame -> late(frame) ? late.onEvent(frame) : odd.onEvent(frame);
  }

  private static boolean late(Object frame) {
    return switch (frame) {
      case WindowUpdateFrame update -> update.getWindowDelta() > 0;
      case DataFrame data -> data.remaining() > 0;
      default -> false;
    };
  }
}
