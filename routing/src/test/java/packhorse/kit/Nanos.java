package packhorse.kit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A clock that stands still until a test moves it.
public final class Nanos implements LongSupplier {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

  @Override
  public long getAsLong() {
    return now.get();
  }

  /// Lets time go by.
  public void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
