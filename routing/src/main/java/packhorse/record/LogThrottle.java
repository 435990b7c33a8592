package packhorse.record;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Decides which events of one sort get a line of the log: at most ten in a second, so that a flood
/// of them fills no disk. Counts those that are left out. For any thread.
final class LogThrottle {
  static final int LINES_PER_SECOND = 10;

  private final LongSupplier nanoTime;
  private long secondBegan;
  private int lines;
  private long leftOut;

  LogThrottle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.secondBegan = nanoTime.getAsLong();
  }

  /// Returns how many events have been left out since the last line; empty if this event must be
  /// left out too.
  synchronized OptionalLong nextLine() {
    long now = nanoTime.getAsLong();
    if (now - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
      secondBegan = now;
      lines = 0;
    }
    if (lines == LINES_PER_SECOND) {
      leftOut++;
      return OptionalLong.empty();
    }
    lines++;
    long result = leftOut;
    leftOut = 0;
    return OptionalLong.of(result);
  }
}
