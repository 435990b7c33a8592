package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

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
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// Nodes that are silent before their first byte, and nodes that are killed between advertisement
/// and fetch: corners 15 and 24 of `docs/corners.md`.
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class SilentNodeTest {
  private static final Duration LONGER_THAN_STALL_TIMEOUT = Duration.ofMillis(1_800);

  private final ProxyFixture fixture;
  private final Repository app;
  private final String fetchRequest;

  SilentNodeTest(@TempDir Path folder) {
    fixture =
        ProxyFixture.start(
            folder, 2, config -> config.section("timeouts", "{ stall: 1s, idle: 1s }"));
    app = fixture.repositories().sample("acme/app");
    // Without side-band, because the proxy would send keep-alives in it.
    fetchRequest = pkt("want " + app.id("main") + " ofs-delta\n") + "0000" + pkt("done\n");
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @AfterEach
  void resumeNodes() {
    for (int i = 0; i < 2; i++) fixture.node(i).resume();
    fixture.clearRequests();
  }

  @Test
  void a_late_first_byte_is_not_a_failure_over_http() {
    fixture.node(0).pause();
    fixture.node(1).pause();
    try (var client = RawClient.connect(fixture.proxy().port("http"))) {
      client.send(post());
      resumeAfterStallTimeout();
      assertThat(client.readResponse().orElseThrow().bodyText()).startsWith("0008NAK\nPACK");
    }
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost)).hasSize(1);
  }

  @Test
  void a_late_first_byte_is_not_a_failure_over_ssh() throws IOException {
    try (RunningCommand ssh = startUploadPack()) {
      fixture.node(0).pause();
      fixture.node(1).pause();
      sendFetch(ssh);
      resumeAfterStallTimeout();
      assertThat(ssh.waitFor().expectSuccess().stdout()).contains("0008NAK\nPACK");
    }
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost)).hasSize(1);
  }

  @Test
  void a_fetch_over_http_succeeds_after_its_node_was_killed() {
    try (var client = RawClient.connect(fixture.proxy().port("http"))) {
      client.send(
          "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n" + requestEnd(""));
      assertThat(client.readResponse().orElseThrow().bodyText()).contains("refs/heads/main");
      PlainNode killed = advertisingNode();
      killed.kill();
      client.send(post());
      assertThat(client.readResponse().orElseThrow().bodyText()).startsWith("0008NAK\nPACK");
      killed.restart();
    }
  }

  @Test
  void a_fetch_over_ssh_succeeds_after_its_node_was_killed() throws IOException {
    try (RunningCommand ssh = startUploadPack()) {
      PlainNode killed = advertisingNode();
      killed.kill();
      sendFetch(ssh);
      assertThat(ssh.waitFor().expectSuccess().stdout()).contains("0008NAK\nPACK");
      killed.restart();
    }
  }

  /// Waits until a node has the fetch, checks that the proxy still waits for the response after the
  /// stall timeout, and lets the nodes respond.
  private void resumeAfterStallTimeout() {
    Await.until(
        "the node has the request",
        () -> !fixture.requests(RecordedRequest::isUploadPackPost).isEmpty());
    assertThat(
            Await.holdsWithin(
                LONGER_THAN_STALL_TIMEOUT,
                () -> fixture.requests(RecordedRequest::inProgress).isEmpty()))
        .isFalse();
    fixture.node(0).resume();
    fixture.node(1).resume();
  }

  /// Returns the node that has sent the advertisement.
  private PlainNode advertisingNode() {
    boolean first = !fixture.node(0).requests(RecordedRequest::isAdvertisement).isEmpty();
    return fixture.node(first ? 0 : 1);
  }

  private RunningCommand startUploadPack() {
    RunningCommand ssh = fixture.sshClient().exec(fixture.folder(), "git-upload-pack 'acme/app'");
    Await.until("the advertisement", () -> ssh.outputSoFar().endsWith("0000"));
    Await.until(
        "the end of the node's response",
        () -> fixture.requests(RecordedRequest::inProgress).isEmpty());
    return ssh;
  }

  private void sendFetch(RunningCommand ssh) throws IOException {
    ssh.stdin().write(fetchRequest.getBytes(StandardCharsets.US_ASCII));
    ssh.stdin().flush();
  }

  private String post() {
    return "POST /acme/app.git/git-upload-pack HTTP/1.1\r\n"
        + "Content-Type: application/x-git-upload-pack-request\r\n"
        + requestEnd(fetchRequest);
  }

  private String requestEnd(String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return "Host: 127.0.0.1:" + fixture.proxy().port("http") + "\r\n" + length + "\r\n" + body;
  }
}
