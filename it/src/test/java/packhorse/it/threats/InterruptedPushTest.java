package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.RecordedConnection;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.RunningProxy;

/// A client that disconnects at any byte of a push of 4 KiB: threat H7 of `docs/threats.md`. The
/// node never takes what arrived for a complete push, its connection carries nothing else, and the
/// next push is served.
@Tag("counted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class InterruptedPushTest {
  private static final String COMMANDS =
      MonitoredProxy.pkt(
              "0".repeat(40)
                  + " "
                  + "a".repeat(40)
                  + " refs/heads/new\0report-status side-band-64k")
          + "0000";
  private static final String BODY = COMMANDS + "PACK" + "x".repeat(4_096 - COMMANDS.length() - 4);

  private MonitoredProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) {
    proxy = new MonitoredProxy(folder);
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"length, end", "length, reset", "chunks, end", "chunks, reset"})
  void an_interrupted_push_never_reaches_the_node_as_complete(String interruption) {
    boolean chunked = interruption.startsWith("chunks");
    String push = push(chunked);
    int headLength = push.indexOf("\r\n\r\n") + 4;
    // After its last chunk a body is complete, whatever follows (RFC 9112 §8).
    int length = chunked ? push.length() - 2 : push.length();
    for (int offset : interruptionOffsets(length)) {
      int before = proxy.node().connections().size();
      sendAndDisconnect(push.substring(0, offset), interruption.endsWith("reset"));
      String description = "interrupted at byte " + offset;
      receivedPushes(before)
          .forEach(connection -> assertThat(isComplete(connection)).as(description).isFalse());
      if (offset > headLength && offset % 5 == 0)
        assertPushSucceeds(push, "after an interruption at byte " + offset);
    }
    assertPushSucceeds(push, "after all interruptions");
  }

  // The last bytes are always tested, because they decide where the body ends.
  private static int[] interruptionOffsets(int length) {
    int step = TestProfile.pick(14, 1);
    return IntStream.range(0, length)
        .filter(offset -> offset % step == 0 || length - offset <= 6)
        .toArray();
  }

  private String push(boolean chunked) {
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + BODY.length();
    String body = chunked ? "1000\r\n" + BODY + "\r\n0\r\n\r\n" : BODY;
    return MonitoredProxy.requestHead(
                "POST /acme/app.git/git-receive-pack HTTP/1.1",
                framing,
                "Content-Type: application/x-git-receive-pack-request")
            .replace("PORT", String.valueOf(proxy.runningProxy().port("http")))
        + body;
  }

  private void sendAndDisconnect(String bytes, boolean reset) {
    RunningProxy running = proxy.runningProxy();
    try (var client = RawClient.connect(running.port("http"))) {
      client.send(bytes);
      if (reset) {
        client.reset();
      } else {
        client.halfClose();
        client.readAllText();
      }
    }
  }

  private void assertPushSucceeds(String push, String description) {
    int before = proxy.node().connections().size();
    try (var client = RawClient.connect(proxy.runningProxy().port("http"))) {
      assertThat(client.send(push).readResponse().orElseThrow().bodyText())
          .as(description)
          .contains("unpack ok");
    }
    List<RecordedConnection> connection =
        receivedPushes(before).stream().filter(InterruptedPushTest::isComplete).toList();
    assertThat(connection).as(description).hasSize(1);
  }

  // Each push has its own connection.
  private List<RecordedConnection> receivedPushes(int from) {
    List<RecordedConnection> all = proxy.node().connections();
    List<RecordedConnection> newConnections = all.subList(from, all.size());
    List<RecordedConnection> result =
        newConnections.stream()
            .filter(connection -> connection.text().contains("git-receive-pack HTTP"))
            .toList();
    Await.until(
        "the pushes have ended",
        () ->
            result.stream()
                .allMatch(connection -> connection.isClosed() || isComplete(connection)));
    return result;
  }

  private static boolean isComplete(RecordedConnection connection) {
    String text = new String(connection.bytes(), StandardCharsets.ISO_8859_1);
    String body = text.substring(Math.max(0, text.indexOf("\r\n\r\n")));
    return text.contains("chunked")
        ? body.contains("\r\n0\r\n")
        : body.length() >= BODY.length() + 4;
  }
}
