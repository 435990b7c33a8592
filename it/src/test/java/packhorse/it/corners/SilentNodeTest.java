package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Await;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;

/// Corner 24, and nodes that go between advertisement and fetch.
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class SilentNodeTest {
  private static final Duration LONGER_THAN_A_STALL = Duration.ofMillis(1_800);

  private final Stage stage;
  private final Repository app;
  private final String words;

  SilentNodeTest(@TempDir Path folder) {
    stage = Stage.of(folder, 2, text -> text.section("timeouts", "{ stall: 1s, idle: 1s }"));
    app = stage.repositories().sample("acme/app");
    words = pkt("want " + app.id("main") + " ofs-delta\n") + "0000" + pkt("done\n");
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @AfterEach
  void back() {
    for (int i = 0; i < 2; i++) stage.node(i).resume();
    stage.forget();
  }

  @Test
  void a_late_first_byte_is_no_failure_over_http() {
    stage.node(0).pause();
    stage.node(1).pause();
    try (var client = RawClient.connect(stage.proxy().port("http"))) {
      client.send(post());
      silence();
      assertThat(client.answer().orElseThrow().text()).startsWith("0008NAK\nPACK");
    }
    assertThat(stage.heard(SeenRequest::fetchPost)).hasSize(1);
  }

  @Test
  void a_late_first_byte_is_no_failure_over_ssh() throws IOException {
    try (Started ssh = advertised()) {
      stage.node(0).pause();
      stage.node(1).pause();
      say(ssh);
      silence();
      assertThat(ssh.finish().expectSuccess().stdout()).contains("0008NAK\nPACK");
    }
    assertThat(stage.heard(SeenRequest::fetchPost)).hasSize(1);
  }

  @Test
  void a_node_killed_between_advertisement_and_fetch_is_not_missed_over_http() {
    try (var client = RawClient.connect(stage.proxy().port("http"))) {
      client.send("GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n" + rest(""));
      assertThat(client.answer().orElseThrow().text()).contains("refs/heads/main");
      PlainNode dead = whoAdvertised();
      dead.kill();
      client.send(post());
      assertThat(client.answer().orElseThrow().text()).startsWith("0008NAK\nPACK");
      dead.restart();
    }
  }

  @Test
  void a_node_killed_between_advertisement_and_fetch_is_not_missed_over_ssh() throws IOException {
    try (Started ssh = advertised()) {
      PlainNode dead = whoAdvertised();
      dead.kill();
      say(ssh);
      assertThat(ssh.finish().expectSuccess().stdout()).contains("0008NAK\nPACK");
      dead.restart();
    }
  }

  private void silence() {
    Await.until("the node is asked", () -> !stage.heard(SeenRequest::fetchPost).isEmpty());
    assertThat(Await.within(LONGER_THAN_A_STALL, () -> stage.heard(SeenRequest::open).isEmpty()))
        .isFalse();
    stage.node(0).resume();
    stage.node(1).resume();
  }

  private PlainNode whoAdvertised() {
    boolean first = !stage.node(0).requests(SeenRequest::advertisement).isEmpty();
    return stage.node(first ? 0 : 1);
  }

  private Started advertised() {
    Started ssh = SshTalk.exec(stage.way(), stage.folder(), "git-upload-pack 'acme/app'");
    Await.until("the advertisement", () -> ssh.outputSoFar().endsWith("0000"));
    Await.until("its end", () -> stage.heard(SeenRequest::open).isEmpty());
    return ssh;
  }

  private void say(Started ssh) throws IOException {
    ssh.stdin().write(words.getBytes(StandardCharsets.US_ASCII));
    ssh.stdin().flush();
  }

  private String post() {
    return "POST /acme/app.git/git-upload-pack HTTP/1.1\r\n"
        + "Content-Type: application/x-git-upload-pack-request\r\n"
        + rest(words);
  }

  private String rest(String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return "Host: 127.0.0.1:" + stage.proxy().port("http") + "\r\n" + length + "\r\n" + body;
  }
}
