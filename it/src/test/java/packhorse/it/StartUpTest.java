package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Await;
import packhorse.it.kit.Command;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.Started;

/// How long `packhorse serve` takes until it is ready.
final class StartUpTest {
  private static final Path PACKHORSE =
      Path.of("../deploy/target/packhorse/bin/packhorse").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @TempDir Path folder;

  @Test
  void it_is_ready_within_three_seconds_in_the_median_of_five() throws IOException {
    assumeTrue(Sizes.thorough());
    List<Duration> times = new ArrayList<>();
    for (int run = 0; run < 5; run++) times.add(start());
    Collections.sort(times);
    assertThat(times.get(2)).as("of %s", times).isLessThanOrEqualTo(LIMIT);
  }

  private Duration start() throws IOException {
    int status = freePort();
    Path file = folder.resolve("packhorse.yaml");
    Files.writeString(
        file,
        """
        public-url: "http://127.0.0.1:%1$d"
        listeners:
          http:   { address: "127.0.0.1:%1$d" }
          status: { address: "127.0.0.1:%2$d" }
        control: control.sock
        pools: { plain: { kind: plain, nodes: { none: "http://127.0.0.1:1" } } }
        state: { directory: state }
        """
            .formatted(freePort(), status));
    long before = System.nanoTime();
    try (Started proxy =
        Command.of(folder, PACKHORSE.toString(), "serve", file.toString()).start()) {
      Await.until("the status listener", Duration.ofSeconds(30), () -> listens(status));
      assertThat(proxy.alive()).isTrue();
      return Duration.ofNanos(System.nanoTime() - before);
    }
  }

  /// The status listener is the last to open: from then on `/readyz` says yes.
  private static boolean listens(int port) {
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return connection.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }
}
