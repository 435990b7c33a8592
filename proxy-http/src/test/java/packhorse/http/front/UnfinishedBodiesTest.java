package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// A connection to a node on which a body was not finished, in either direction, is never used
/// again: the rest of the body would be taken for the beginning of a message.
final class UnfinishedBodiesTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String COMMANDS =
      "0071" + "0".repeat(40) + " " + "a".repeat(40) + " refs/heads/x\0report-status\n0000";

  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = new RawNode(UnfinishedBodiesTest::respond);
    proxy = TestProxy.inFrontOf(node.uri());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    node.close();
  }

  // Never reads a body, and begins a long response to a request for a pack.
  private static boolean respond(RawNode.ReceivedRequest request, InputStream in, OutputStream out)
      throws IOException {
    boolean longResponse = request.requestLine().contains("/objects/pack/");
    String partial = "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + "x".repeat(500_000);
    String early = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    boolean push = request.requestLine().startsWith("POST");
    String response = longResponse ? partial : push ? early : OK;
    out.write(response.getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  @Test
  void a_push_that_a_node_refuses_before_its_end() throws IOException {
    String type = "Content-Type: application/x-git-receive-pack-request";
    String line = "POST /acme/app.git/git-receive-pack HTTP/1.1";
    try (var client = new RawClient(proxy.port())) {
      client.send(RawClient.request(line, type, "Content-Length: 5000000") + COMMANDS + "PACK");
      client.send("x".repeat(1_000_000));
      client.closeOutput();
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(connectionOfNextRequest()).isEqualTo(2);
  }

  @Test
  void a_response_whose_client_has_left() throws IOException {
    assertThat(connectionOfNextRequest()).isEqualTo(1);
    String file = "/acme/app.git/objects/pack/pack-" + "a".repeat(40) + ".pack";
    try (var client = new RawClient(proxy.port())) {
      client.send(RawClient.get(file));
      client.readUntil("xxxx");
      client.reset();
    }
    assertThat(connectionOfNextRequest()).isNotEqualTo(connectionOf("GET " + file));
  }

  /// The number of the node connection on which the proxy sends another request.
  private int connectionOfNextRequest() throws IOException {
    assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).text())
        .isEqualTo("ok");
    return connectionOf("GET " + RawClient.REFS);
  }

  private int connectionOf(String requestLine) {
    return node.requests().stream()
        .filter(request -> request.requestLine().startsWith(requestLine))
        .toList()
        .getLast()
        .connection();
  }
}
