package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.CaseBudget;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// A hostile node: threats H8 and P10 of `docs/threats.md`. What it sends never becomes another
/// client's response, and the proxy follows no redirect.
@ExtendWith(LeakDetector.class)
final class HostileNodeTest {
  private static final String TYPE =
      "Content-Type: application/x-git-upload-pack-advertisement\r\n";
  private static final String BODY =
      "001e# service=git-upload-pack\n0000"
          + MonitoredProxy.pkt(MonitoredProxy.TIP + " refs/heads/main\0ofs-delta\n")
          + "0000";
  private static final String VALID =
      "HTTP/1.1 200 OK\r\n" + TYPE + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
  private static final String POISONED =
      "HTTP/1.1 200 OK\r\n" + TYPE + "Content-Length: 6\r\n\r\npoison";

  private volatile String next = VALID;

  @Tag("counted")
  @Tag("generated")
  @Test
  void a_malformed_response_does_not_affect_later_responses(@TempDir Path folder) {
    try (var node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
        var proxy = RunningProxy.start(config(folder, node))) {
      for (SeededRandom random : SeededRandom.forTest(HostileNodeTest.class))
        receiveGenerated(proxy, random);
    }
  }

  private void receiveGenerated(RunningProxy proxy, SeededRandom random) {
    CaseBudget budget = TestProfile.generatedCases();
    for (int i = 0; budget.allows(i); i++) {
      String hostile = hostileResponse(random);
      String input = random + ": " + hostile;
      next = hostile;
      // What is relayed of the hostile response goes to this client only.
      String first = get(proxy);
      next = VALID;
      for (int n = 0; n < 3; n++) {
        assertThat(get(proxy)).as("%s%n%s", input, first).endsWith(BODY).doesNotContain("poison");
      }
    }
  }

  private static String hostileResponse(SeededRandom random) {
    String special = "0123456789 \t\r\n:;,\0xTCL-=";
    String body = BODY;
    return switch (random.nextInt(6)) {
      case 0 ->
          random.mutate(VALID.substring(0, VALID.length() - body.length()), special, 3)
              + body
              + POISONED;
      case 1 -> VALID + POISONED;
      case 2 ->
          "HTTP/1.1 200 OK\r\n"
              + TYPE
              + random.pick(List.of("", "X: x\n"))
              + "Transfer-Encoding: "
              + random.mutate("chunked", special, 1)
              + "\r\n\r\n"
              + random.mutate(Integer.toHexString(body.length()), special, 1)
              + "\r\n"
              + body
              + "\r\n0\r\n\r\n"
              + POISONED;
      case 3 ->
          "HTTP/1."
              + random.nextInt(3)
              + " "
              + random.pick(List.of("204", "304", "205", "101", "999", "20"))
              + " X\r\nContent-Length: "
              + POISONED.length()
              + "\r\n\r\n"
              + POISONED;
      case 4 ->
          "HTTP/1.1 1" + random.pick(List.of("00", "02", "03")) + " X\r\n\r\n" + VALID + POISONED;
      default ->
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: "
              + random.mutate("5", special, 2)
              + "\r\n"
              + TYPE
              + "\r\n"
              + body
              + POISONED;
    };
  }

  private void respond(RawMessage request, ServerConnection connection) throws IOException {
    String response = next;
    connection.send(response.getBytes(StandardCharsets.ISO_8859_1));
    // A connection with a valid beginning stays open; for the others the client must see the end.
    boolean keepOpen = response.contains(VALID) || response.startsWith("HTTP/1.1 204");
    if (!keepOpen) connection.halfClose();
  }

  @Test
  void a_redirect_of_a_node_is_relayed_and_not_followed(@TempDir Path folder) {
    try (var redirectTarget =
            RecordingNode.start(RecordingNode.Script.respondingWith(bytes(VALID)));
        var node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
        var proxy = RunningProxy.start(config(folder, node))) {
      for (int status : List.of(301, 302, 303, 307, 308)) {
        next =
            "HTTP/1.1 "
                + status
                + " X\r\nLocation: "
                + redirectTarget.url()
                + MonitoredProxy.REFS
                + "\r\nContent-Length: 0\r\n\r\n";
        assertThat(get(proxy)).startsWith("HTTP/1.1 " + status).contains(redirectTarget.url());
      }
      assertThat(redirectTarget.connections()).isEmpty();
    }
  }

  private static ProxyConfig config(Path folder, RecordingNode node) {
    return ProxyConfig.in(folder).node("one", node.url());
  }

  private static String get(RunningProxy proxy) {
    String request =
        MonitoredProxy.getRequest(MonitoredProxy.REFS, "Connection: close")
            .replace("PORT", "" + proxy.port("http"));
    try (var client = RawClient.connect(proxy.port("http"))) {
      return client.send(request).readAllText();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
