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
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;

/// The time that `packhorse serve` takes until it accepts requests.
@Tag("alone")
@Tag("counted")
final class StartupTimeTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @TempDir Path folder = Path.of("");

  @Test
  void the_median_start_takes_at_most_three_seconds() {
    assumeTrue(TestProfile.isThorough());
    List<Duration> times = new ArrayList<>();
    for (int run = 0; run < 5; run++) times.add(measureStart());
    Collections.sort(times);
    assertThat(times.get(2)).as("of %s", times).isLessThanOrEqualTo(LIMIT);
  }

  /// Returns the time until the control socket accepts connections. It is opened last, when
  /// `/readyz` already reports that the proxy is ready.
  private Duration measureStart() {
    ProxyConfig config = ProxyConfig.in(folder).node("none", "http://127.0.0.1:1");
    try (var process = new ProxyProcess(config)) {
      long before = System.nanoTime();
      process.start();
      return Duration.ofNanos(System.nanoTime() - before);
    }
  }
}
