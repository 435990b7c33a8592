package packhorse.it.kit.junit;

import java.time.Duration;

/// The sizes of tests in this run: small by default, larger in the Maven profile `thorough`, which
/// sets `packhorse.thorough`. For any thread.
public final class TestProfile {
  private TestProfile() {}

  /// Returns whether the profile `thorough` is active.
  public static boolean isThorough() {
    return Boolean.getBoolean("packhorse.thorough");
  }

  /// Returns whether the tests of an ordinary build have just run, so that what they did need not
  /// be repeated.
  public static boolean skipsOrdinaryCases() {
    return Boolean.getBoolean("packhorse.only-larger");
  }

  /// Returns the number of generated inputs for one row of `docs/threats.md`.
  public static CaseBudget generatedCases() {
    return new CaseBudget(300, 2_500, Duration.ofSeconds(12));
  }

  /// Returns the size of the large pack in bytes.
  public static long largePackBytes() {
    return pick(100, 1_024) * 1024L * 1024L;
  }

  /// Returns one of two numbers, depending on the profile.
  public static int pick(int ordinary, int thorough) {
    return isThorough() ? thorough : ordinary;
  }
}
