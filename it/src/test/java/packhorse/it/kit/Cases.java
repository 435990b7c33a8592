package packhorse.it.kit;

import java.time.Duration;

/// How many generated cases a test tries: so many in every build; in the thorough profile more, as
/// long as there is time. The time begins when this is made. For any thread.
public final class Cases {
  private final long begun = System.nanoTime();
  private final int ordinary;
  private final int thorough;
  private final Duration time;

  /// @param ordinary how many every build tries
  /// @param thorough how many the thorough profile tries at most
  /// @param time after which the thorough profile goes no further than every build
  public Cases(int ordinary, int thorough, Duration time) {
    this.ordinary = ordinary;
    this.thorough = thorough;
    this.time = time;
  }

  /// Whether a test that has tried so many tries one more.
  public boolean more(int tried) {
    if (tried < ordinary) return true;
    boolean inTime = System.nanoTime() - begun < time.toNanos();
    return Sizes.thorough() && tried < thorough && inTime;
  }
}
