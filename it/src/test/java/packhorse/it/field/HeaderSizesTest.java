package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Headers as large as single sign-on and similar systems make them, and larger ones.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class HeaderSizesTest {
  private final AtomicInteger size = new AtomicInteger(400);
  private final RecordingNode node;
  private final RunningProxy proxy;

  HeaderSizesTest(@TempDir Path folder) {
    node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
    proxy = RunningProxy.start(ProxyConfig.in(folder).node("one", node.url()));
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  /// Responds with 30 header lines of `size` bytes each.
  private void respond(RawMessage request, ServerConnection connection) throws IOException {
    var head =
        new StringBuilder(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n");
    for (int i = 0; i < 30; i++) {
      head.append("Set-Cookie: c")
          .append(i)
          .append('=')
          .append("v".repeat(size.get()))
          .append("\r\n");
    }
    connection.respond(head.toString(), "0000".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void headers_of_twelve_kilobytes_pass_in_both_directions() {
    size.set(400);
    RawMessage response = request("Cookie: x=" + "a".repeat(12_000));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Set-Cookie")).hasSize(30).allMatch(value -> value.length() > 400);
    assertThat(node.receivedText()).contains("Cookie: x=" + "a".repeat(12_000) + "\r\n");
  }

  @Test
  void a_bearer_token_of_six_kilobytes_passes() {
    size.set(1);
    assertThat(request("Authorization: Bearer " + "b".repeat(6_000)).status()).isEqualTo(200);
    assertThat(node.receivedText()).contains("Authorization: Bearer " + "b".repeat(6_000) + "\r\n");
  }

  @Test
  void request_headers_over_the_limit_get_431() {
    RawMessage response = request("Cookie: x=" + "a".repeat(40_000));
    assertThat(response.status()).isEqualTo(431);
    assertThat(response.bodyText()).isNotBlank();
  }

  @Test
  void response_headers_over_the_limit_get_502_with_the_nodes_name() {
    size.set(4_000);
    RawMessage response = request("Accept: */*");
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.bodyText()).contains("node one").contains("(decision ");
  }

  private RawMessage request(String header) {
    int port = proxy.port("http");
    try (var client = RawClient.connect(port)) {
      client.send(
          "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\n"
              + header
              + "\r\n\r\n");
      return client.readResponse().orElseThrow();
    }
  }
}
