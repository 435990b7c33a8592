package packhorse.it.kit.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for a condition that another thread or process brings about. This is the only place in the
/// tests that sleeps.
public final class Await {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private Await() {}

  /// Waits at most ten seconds until `condition` holds.
  ///
  /// @param what what is waited for, for the message
  /// @throws AssertionError if the condition does not hold in time
  public static void until(String what, BooleanSupplier condition) {
    until(what, Duration.ofSeconds(10), condition);
  }

  /// Waits at most `limit` until `condition` holds.
  ///
  /// @param what what is waited for, for the message
  /// @throws AssertionError if the condition does not hold in time
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    if (!holdsWithin(limit, condition)) {
      throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
    }
  }

  /// Returns whether `condition` holds at some time before `limit` has passed.
  public static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) return condition.getAsBoolean();
      sleep();
    }
    return true;
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
