package packhorse.request;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the failures of one listener to accept connections. As long as the process has no
/// descriptor left, every attempt fails at once, so each is followed by a pause, and one warning a
/// minute says why. Called on any thread.
public final class AcceptFailures {
  private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  private final String listener;
  private final OptionalLong openFileLimit;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

  /// @param listener the name for the warning
  public AcceptFailures(String listener) {
    this.listener = listener;
    // read now: when the limit has been reached, it can no longer be read
    this.openFileLimit = OpenFileLimit.current();
  }

  /// Logs why a connection was not accepted, unless this listener has logged another failure within
  /// the last minute, or is closed.
  public void warn(Throwable failure) {
    if (failure instanceof ClosedChannelException || closed.getCount() == 0) return;
    long now = System.nanoTime();
    long next = nextWarning.get();
    if (now - next < 0 || !nextWarning.compareAndSet(next, now + WARNING_INTERVAL.toNanos()))
      return;
    log.atWarn()
        .addKeyValue("listener", listener)
        .addKeyValue("reason", String.valueOf(failure.getMessage()))
        .log("cannot accept connections{}", explanation(failure));
  }

  private String explanation(Throwable failure) {
    if (!OpenFileLimit.isReached(failure)) return "";
    String limit = openFileLimit.isPresent() ? " of " + openFileLimit.getAsLong() : "";
    return ": the limit" + limit + " open files (ulimit -n) is reached";
  }

  /// Logs as [#warn] does, and waits a quarter of a second, or until [#close] is called.
  public void pauseAfter(Throwable failure) {
    warn(failure);
    try {
      if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends all pauses: the listener is being closed.
  public void close() {
    closed.countDown();
  }
}
