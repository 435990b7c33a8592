package packhorse.it.kit.junit;

import java.time.Duration;

/// Limits the number of generated cases of a test: a fixed number in every build; more in the
/// profile `thorough`, for a limited time. The time starts with the constructor. For any thread.
public final class CaseBudget {
  private final long startNanos = System.nanoTime();
  private final int ordinary;
  private final int thorough;
  private final Duration time;

  /// @param ordinary how many cases every build runs
  /// @param thorough how many cases the profile `thorough` runs at most
  /// @param time after which the profile `thorough` runs no more cases than every build
  public CaseBudget(int ordinary, int thorough, Duration time) {
    this.ordinary = ordinary;
    this.thorough = thorough;
    this.time = time;
  }

  /// Returns whether a test may run another case.
  ///
  /// @param tried how many cases it has run
  public boolean allows(int tried) {
    if (tried < ordinary) return true;
    boolean inTime = System.nanoTime() - startNanos < time.toNanos();
    return TestProfile.isThorough() && tried < thorough && inTime;
  }
}
