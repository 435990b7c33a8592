package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import packhorse.http.connector.FrontSettings;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;
import packhorse.http.node.NodeTimeouts;
import packhorse.record.Outcome;

/// Transfers that stop although both connections are open.
final class StalledTransfersTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
  private static final Duration STALL = Duration.ofMillis(400);

  private static TestProxy proxy(RawNode node) throws Exception {
    Duration limit = Duration.ofSeconds(20);
    return new TestProxy(
        TestProxy.Options.defaults()
            .with(new NodeTimeouts(limit, limit, STALL, STALL))
            .with(new FrontSettings(limit, STALL, limit, 200)),
        node.uri());
  }

  private static Outcome outcome(TestProxy proxy) throws InterruptedException {
    Outcome outcome = proxy.outcomes.poll(10, TimeUnit.SECONDS);
    assertThat(outcome).isNotNull();
    return outcome;
  }

  private static void assertCut(Outcome outcome, String reason) {
    assertThat(outcome.result()).isEqualTo("cut");
    assertThat(outcome.answer().orElseThrow().node().name()).isEqualTo("node-1");
    assertThat(outcome.failure().orElseThrow()).contains(reason);
  }

  @Test
  void a_transfer_that_the_node_stops_is_recorded_with_the_node() throws Exception {
    try (var node = RawNode.respondingWith(HEAD + "PACK");
        var proxy = proxy(node);
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get("/acme/app/releases/download/1.iso"));
      assertCut(outcome(proxy), "node \"node-1\": silent for too long");
    }
  }

  @Test
  void a_transfer_that_the_client_stops_is_recorded_with_the_node_and_the_client()
      throws Exception {
    byte[] piece = new byte[1 << 16];
    try (var node =
            new RawNode((request, in, out) -> {
              out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
              while (true) out.write(piece);
            });
        var proxy = proxy(node);
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get("/acme/app/releases/download/1.iso"));
      assertCut(outcome(proxy), "writing to the client failed: silent for too long");
    }
  }
}
