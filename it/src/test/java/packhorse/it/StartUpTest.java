package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Served;
import packhorse.it.kit.Sizes;

/// How long `packhorse serve` takes until it is ready.
@Tag("alone")
@Tag("counted")
final class StartUpTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @TempDir Path folder = Path.of("");

  @Test
  void it_is_ready_within_three_seconds_in_the_median_of_five() {
    assumeTrue(Sizes.thorough());
    List<Duration> times = new ArrayList<>();
    for (int run = 0; run < 5; run++) times.add(start());
    Collections.sort(times);
    assertThat(times.get(2)).as("of %s", times).isLessThanOrEqualTo(LIMIT);
  }

  /// When the last thing that a start opens is there, `/readyz` says yes.
  private Duration start() {
    ProxyText text = ProxyText.in(folder).node("none", "http://127.0.0.1:1");
    try (var served = new Served(text)) {
      long before = System.nanoTime();
      served.start();
      return Duration.ofNanos(System.nanoTime() - before);
    }
  }
}
