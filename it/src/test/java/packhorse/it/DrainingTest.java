package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Await;
import packhorse.it.kit.Command;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Turns;

/// What is under way when we are told to stop ends well, however long it is silent meanwhile.
@ExtendWith(Leaks.class)
final class DrainingTest {
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final String NO_OBJECTS =
      "PACK\0\0\0\2\0\0\0\0"
          + new String(
              HexFormat.of().parseHex("029d08823bd8a8eab510ad6ac75c823cfd3ed31e"),
              StandardCharsets.ISO_8859_1);

  private final Stage stage;
  private final Repository app;

  DrainingTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1);
    app = stage.repositories().sample("acme/app");
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void requests_on_one_connection_of_http_2_are_answered() throws InterruptedException {
    String url =
        "https://127.0.0.1:"
            + stage.proxy().port("https")
            + "/acme/app.git/info/refs?service=git-upload-pack";
    stage.node(0).pause();
    Command curl =
        Command.of(
            stage.folder(),
            "sh",
            "-c",
            "curl -skZ --http2 -H 'Host: 127.0.0.1' -w '%{http_code} %{num_connects}\\n' -o"
                + " /dev/null '"
                + url
                + "#[1-3]'");
    try (Started polling = curl.start()) {
      Await.until("one is under way", () -> stage.heard(SeenRequest::open).size() == 1);
      Turns.await(2);
      Thread drain = drain();
      assertThat(drain.join(SILENCE)).isFalse();
      stage.node(0).resume();
      assertThat(polling.finish().expectSuccess().lines())
          .hasSize(3)
          .allMatch(line -> line.startsWith("200 "));
      assertThat(drain.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void a_push_that_pauses_is_taken_whole() throws InterruptedException {
    String line = "0".repeat(40) + " " + app.id("main") + " refs/heads/new\0report-status";
    String body = pkt(line) + "0000" + NO_OBJECTS;
    int port = stage.proxy().port("http");
    try (var client = RawClient.connect(port)) {
      client.send("POST /acme/app.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:" + port);
      client.send("\r\nContent-Type: application/x-git-receive-pack-request\r\nContent-Length: ");
      client.send(body.length() + "\r\n\r\n" + body.substring(0, body.length() - 10));
      Await.until("the push is under way", () -> !stage.heard(SeenRequest::pushPost).isEmpty());
      Thread drain = drain();
      assertThat(drain.join(SILENCE)).isFalse();
      client.send(body.substring(body.length() - 10));
      assertThat(client.answer().orElseThrow().text()).contains("ok refs/heads/new");
      assertThat(drain.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(app.id("new")).isEqualTo(app.id("main"));
  }

  private Thread drain() {
    return Thread.ofVirtual().start(() -> stage.proxy().stop(Duration.ofSeconds(20)));
  }
}
