package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// Clients that leave while a node is silent: their request ends at once, at the node too.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class LeavingClientsTest {
  private static final String TARGET = "/acme/app.git/info/refs?service=git-upload-pack";

  private final ProxyFixture fixture;
  private int endedRequests;

  LeavingClientsTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
    fixture.repositories().sample("acme/app");
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @AfterEach
  void resumeNode() {
    node().resume();
    fixture.clearRequests();
  }

  private PlainNode node() {
    return fixture.node(0);
  }

  @Test
  void a_client_that_closes_its_connection_ends_its_request() {
    node().pause();
    RawClient client = RawClient.connect(fixture.proxy().port("http")).send(request());
    awaitRequestAtNode();
    client.close();
    assertRequestEnds();
  }

  @Test
  void a_client_that_resets_its_stream_ends_its_request() {
    node().pause();
    String url = "http://127.0.0.1:" + fixture.proxy().port("http") + TARGET;
    try (RunningCommand curl =
        Command.of(fixture.folder(), "curl", "-s", "--http2-prior-knowledge", url).start()) {
      awaitRequestAtNode();
      curl.kill();
    }
    assertRequestEnds();
  }

  @Test
  void a_client_that_closes_its_ssh_connection_ends_its_request() {
    node().pause();
    try (RunningCommand ssh =
        fixture.sshClient().exec(fixture.folder(), "git-upload-pack 'acme/app'")) {
      awaitRequestAtNode();
      ssh.kill();
    }
    assertRequestEnds();
  }

  // A client may send its next request before it has the response to the first.
  @Test
  void a_request_that_arrives_while_another_waits_is_answered_after_it() {
    node().pause();
    try (RawClient client = RawClient.connect(fixture.proxy().port("http"))) {
      client.send(request());
      awaitRequestAtNode();
      client.send(request());
      // The proxy looks for the end of the connection several times meanwhile.
      Await.holdsWithin(Duration.ofMillis(700), () -> false);
      node().resume();
      for (int i = 0; i < 2; i++) {
        assertThat(client.readResponse().orElseThrow().bodyText()).contains("refs/heads/main");
      }
    }
  }

  private String request() {
    return "GET "
        + TARGET
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + fixture.proxy().port("http")
        + "\r\n\r\n";
  }

  private void awaitRequestAtNode() {
    Await.until(
        "the node has the request", () -> !node().requests(RecordedRequest::inProgress).isEmpty());
  }

  private void assertRequestEnds() {
    endedRequests++;
    assertThat(fixture.awaitAuditRecords(endedRequests, "\"outcome\":\"cut\"", "the client left"))
        .hasSize(endedRequests)
        .allMatch(line -> line.contains("while node"));
    node().resume();
    Await.until("the end", () -> node().requests(RecordedRequest::inProgress).isEmpty());
  }
}
