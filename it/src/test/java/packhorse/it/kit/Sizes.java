package packhorse.it.kit;

import java.time.Duration;

/// The counts and sizes of the tests: small by default, as the issue names them when
/// `packhorse.thorough` is set. Read by every test that generates something; safe for any thread.
public final class Sizes {
  private Sizes() {}

  /// True in the thorough profile.
  public static boolean thorough() {
    return Boolean.getBoolean("packhorse.thorough");
  }

  /// True where the ordinary tests have just run: what they did need not be done again.
  public static boolean onlyLarger() {
    return Boolean.getBoolean("packhorse.only-larger");
  }

  /// Generated inputs for one row of threats.
  public static Cases generated() {
    return new Cases(300, 2_500, Duration.ofSeconds(20));
  }

  /// Bytes of the large pack.
  public static long largePack() {
    return pick(100, 1_024) * 1024L * 1024L;
  }

  /// The count that this run wants.
  public static int pick(int ordinary, int thorough) {
    return thorough() ? thorough : ordinary;
  }
}
