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
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Line;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.RecordingNode;
import packhorse.it.kit.RunningProxy;

/// Headers as large as other programs of a company make them, and larger.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class HeaderSizesTest {
  private final AtomicInteger size = new AtomicInteger(400);
  private final RecordingNode node;
  private final RunningProxy proxy;

  HeaderSizesTest(@TempDir Path folder) {
    node = RecordingNode.start(RecordingNode.Script.forEach(this::answer));
    proxy = RunningProxy.start(ProxyText.in(folder).node("one", node.url()));
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  /// 30 lines of `size` bytes each.
  private void answer(RawMessage request, Line line) throws IOException {
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
    line.answer(head.toString(), "0000".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void twelve_kilobytes_pass_both_ways() {
    size.set(400);
    RawMessage answer = ask("Cookie: x=" + "a".repeat(12_000));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Set-Cookie")).hasSize(30).allMatch(one -> one.length() > 400);
    assertThat(node.text()).contains("Cookie: x=" + "a".repeat(12_000) + "\r\n");
  }

  @Test
  void a_bearer_of_six_kilobytes_passes() {
    size.set(1);
    assertThat(ask("Authorization: Bearer " + "b".repeat(6_000)).status()).isEqualTo(200);
    assertThat(node.text()).contains("Authorization: Bearer " + "b".repeat(6_000) + "\r\n");
  }

  @Test
  void a_client_past_the_limit_is_told_so() {
    RawMessage answer = ask("Cookie: x=" + "a".repeat(40_000));
    assertThat(answer.status()).isEqualTo(431);
    assertThat(answer.text()).isNotBlank();
  }

  @Test
  void a_node_past_the_limit_is_named() {
    size.set(4_000);
    RawMessage answer = ask("Accept: */*");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("node one").contains("(decision ");
  }

  private RawMessage ask(String header) {
    int port = proxy.port("http");
    try (var client = RawClient.connect(port)) {
      client.send(
          "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\n"
              + header
              + "\r\n\r\n");
      return client.answer().orElseThrow();
    }
  }
}
