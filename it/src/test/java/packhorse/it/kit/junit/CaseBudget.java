package packhorse.it.kit.junit;

import java.time.Duration;

/// Limits the number of generated cases of a test. Every build runs a fixed number of cases,
/// however long they take. The profile `thorough` then runs more, until a larger number is reached
/// or a time limit has passed. The time is measured from the constructor. For any thread.
public final class CaseBudget {
  private final long startNanos = System.nanoTime();
  private final int ordinary;
  private final int thorough;
  private final Duration time;

  /// @param ordinary how many cases every build runs
  /// @param thorough how many cases the profile `thorough` runs at most, including the ordinary
  ///   ones
  /// @param time the time after which only ordinary cases are allowed
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
