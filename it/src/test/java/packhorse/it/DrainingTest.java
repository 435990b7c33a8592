package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.proxy.WaitingRequests;

/// When the proxy stops, running requests complete, however long they are silent.
@ExtendWith(LeakDetector.class)
final class DrainingTest {
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final String EMPTY_PACK =
      "PACK\0\0\0\2\0\0\0\0"
          + new String(
              HexFormat.of().parseHex("029d08823bd8a8eab510ad6ac75c823cfd3ed31e"),
              StandardCharsets.ISO_8859_1);

  private final ProxyFixture fixture;
  private final Repository app;

  DrainingTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
    app = fixture.repositories().sample("acme/app");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void running_requests_of_an_http_2_connection_complete() throws InterruptedException {
    String url =
        "https://127.0.0.1:"
            + fixture.proxy().port("https")
            + "/acme/app.git/info/refs?service=git-upload-pack";
    fixture.node(0).pause();
    Command curl =
        Command.of(
            fixture.folder(),
            "sh",
            "-c",
            "curl -skZ --http2 -H 'Host: 127.0.0.1' -w '%{http_code} %{num_connects}\\n' -o"
                + " /dev/null '"
                + url
                + "#[1-3]'");
    try (RunningCommand requests = curl.start()) {
      Await.until(
          "one request is running",
          () -> fixture.requests(RecordedRequest::inProgress).size() == 1);
      WaitingRequests.await(2);
      Thread drain = startDrain();
      assertThat(drain.join(SILENCE)).isFalse();
      fixture.node(0).resume();
      assertThat(requests.waitFor().expectSuccess().lines())
          .hasSize(3)
          .allMatch(line -> line.startsWith("200 "));
      assertThat(drain.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void a_push_that_pauses_completes() throws InterruptedException {
    String command = "0".repeat(40) + " " + app.id("main") + " refs/heads/new\0report-status";
    String body = pkt(command) + "0000" + EMPTY_PACK;
    int port = fixture.proxy().port("http");
    try (var client = RawClient.connect(port)) {
      client.send("POST /acme/app.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:" + port);
      client.send("\r\nContent-Type: application/x-git-receive-pack-request\r\nContent-Length: ");
      client.send(body.length() + "\r\n\r\n" + body.substring(0, body.length() - 10));
      Await.until(
          "the push is running",
          () -> !fixture.requests(RecordedRequest::isReceivePackPost).isEmpty());
      Thread drain = startDrain();
      assertThat(drain.join(SILENCE)).isFalse();
      client.send(body.substring(body.length() - 10));
      assertThat(client.readResponse().orElseThrow().bodyText()).contains("ok refs/heads/new");
      assertThat(drain.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(app.id("new")).isEqualTo(app.id("main"));
  }

  private Thread startDrain() {
    return Thread.ofVirtual().start(() -> fixture.proxy().stop(Duration.ofSeconds(20)));
  }
}
