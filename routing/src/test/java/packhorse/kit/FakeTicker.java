package packhorse.kit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A source of nanosecond times that changes only when a test advances it.
public final class FakeTicker implements LongSupplier {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

  @Override
  public long getAsLong() {
    return now.get();
  }

  /// Advances the time.
  public void advance(Duration duration) {
    now.addAndGet(duration.toNanos());
  }
}
