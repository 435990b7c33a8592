package packhorse.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Streams of events: responses without an end, which are silent for long.
@ExtendWith(LeakDetector.class)
final class EventStreamTest {
  private static final String EVENT = "data: 1\n\n";

  @TempDir Path folder = Path.of("");
  private final CountDownLatch finished = new CountDownLatch(1);

  @Test
  void each_event_reaches_the_client_at_once_and_silence_does_not_end_the_stream()
      throws Exception {
    try (var node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
        var proxy =
            RunningProxy.start(
                ProxyConfig.in(folder)
                    .node("one", node.url())
                    .section("timeouts", "{ stall: 300ms, tunnel: 1m }"));
        var client = RawClient.connect(proxy.port("http"))) {
      client.send(
          "GET /user/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(proxy.port("http")));
      client.readUntil(EVENT);
      // Longer than timeouts.stall, which does not apply to a page.
      assertThat(finished.await(1, TimeUnit.SECONDS)).isFalse();
      finished.countDown();
      client.readUntil("0\r\n\r\n");
    }
  }

  @Test
  void a_stream_holds_up_nothing_beside_it_on_one_connection() {
    try (var node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
        var proxy = RunningProxy.start(ProxyConfig.in(folder).node("one", node.url()))) {
      String url = "https://127.0.0.1:" + proxy.port("https");
      List<String> arguments =
          new ArrayList<>(List.of("curl", "-sk", "--http2", "-Z", "--parallel-max", "40"));
      arguments.addAll(List.of("--max-time", "8", "-w", "%{http_code} %{url_effective}\n"));
      arguments.addAll(List.of("-H", "Host: " + proxy.httpUrl().substring("http://".length())));
      arguments.addAll(List.of("-o", "/dev/null", url + "/user/events"));
      for (int i = 0; i < 25; i++) {
        arguments.addAll(List.of("-o", "/dev/null", url + "/page/" + i));
      }
      String output = Command.of(folder, arguments.toArray(new String[0])).run().stdout();
      // A line for each response, in the order in which they ended; the stream ends at the limit.
      List<String> lines = output.lines().toList();
      assertThat(lines).hasSize(26);
      assertThat(lines.subList(0, 25)).allMatch(line -> line.matches("200 .*/page/[0-9]+"));
      assertThat(lines.getLast()).endsWith("/user/events");
      finished.countDown();
    }
  }

  private void respond(RawMessage request, ServerConnection connection)
      throws IOException, InterruptedException {
    if (!request.startLine().contains("/events")) {
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
      return;
    }
    connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "9\r\n"
            + EVENT
            + "\r\n");
    finished.await();
    connection.send("9\r\n" + EVENT + "\r\n0\r\n\r\n");
  }
}
