package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.SharedHostKeys;

/// A `packhorse serve` process whose log accepts no byte, because nobody reads the pipe.
@ExtendWith(LeakDetector.class)
final class BlockedOutputTest {
  /// Fills a pipe of 64 KiB to the last byte, then runs a command whose standard output it is.
  private static final String FULL_PIPE =
      "mkfifo full; exec 3<>full; head -c 65536 /dev/zero >&3; exec \"$@\" >&3";

  @TempDir Path folder = Path.of("");

  @Test
  void a_log_that_nobody_reads_stops_nothing() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    ProxyConfig config =
        ProxyConfig.in(folder)
            .node("none", "http://127.0.0.1:1")
            .pool("probe: { interval: 50ms }")
            .section("log", "{ level: debug }");
    try (var process = new ProxyProcess(config)) {
      RunningCommand proxy =
          process.start(
              withFullPipe(process.serveCommand())
                  .env("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"));
      Await.until("the node is down", () -> get(process, "status", "/status").contains(" down"));
      String refused = get(process, "http", "/acme/app.git/info/refs?service=git-upload-pack");
      assertThat(refused).contains("no node of this repository is up");
      assertThat(get(process, "status", "/healthz")).isEqualTo("ok\n");
      assertThat(get(process, "status", "/metrics")).contains("packhorse_log_lost ");
      proxy.signal("TERM");
      proxy.waitFor(Duration.ofSeconds(15)).expectSuccess();
    }
  }

  private static Command withFullPipe(Command command) {
    List<String> argv = new ArrayList<>(List.of("bash", "-c", FULL_PIPE, "bash"));
    argv.addAll(command.argv());
    return Command.of(command.directory(), argv.toArray(String[]::new))
        .env(command.environment())
        .timeout(command.timeout());
  }

  private static String get(ProxyProcess process, String listener, String path) {
    URI url = URI.create("http://127.0.0.1:" + process.port(listener) + path);
    HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(10)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }
}
