package packhorse.it.kit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for something that another thread or process brings about: the only place in the tests
/// that sleeps. Used by tests and by the kit, on the thread that wants to know.
public final class Await {
  private static final Duration STEP = Duration.ofMillis(5);

  private Await() {}

  /// Waits at most ten seconds until `condition` holds.
  ///
  /// @throws AssertionError that says what was waited for
  public static void until(String what, BooleanSupplier condition) {
    until(what, Duration.ofSeconds(10), condition);
  }

  /// Waits at most `limit` until `condition` holds.
  ///
  /// @throws AssertionError that says what was waited for
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    if (!within(limit, condition)) {
      throw new AssertionError("waited " + limit.toMillis() + " ms in vain: " + what);
    }
  }

  /// Whether `condition` comes to hold before `limit` is over.
  public static boolean within(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) return condition.getAsBoolean();
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
