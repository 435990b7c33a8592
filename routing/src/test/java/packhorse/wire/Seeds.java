package packhorse.wire;

import java.util.stream.LongStream;

/// How many generated inputs a test looks at: each is made from its seed alone, which the test's
/// name shows when it fails.
final class Seeds {

  private Seeds() {}

  static LongStream all() {
    return LongStream.range(0, Boolean.getBoolean("packhorse.thorough") ? 20_000 : 300);
  }
}
