package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;
import packhorse.http.node.NodeTimeouts;

/// How responses of nodes are relayed to clients.
final class NodeResponsesTest {
  private static final String FETCH = "application/x-git-upload-pack-request";
  private static final String POST = RawClient.post("/acme/app.git/git-upload-pack", FETCH, "0000");

  @Test
  void status_reason_and_headers_are_relayed_in_their_order_and_nothing_is_added()
      throws Exception {
    String head =
        """
        HTTP/1.1 418 I am a teapot
        X-B: 2
        Server: gogs
        X-A: 1
        X-B: 3
        Set-Cookie: c=1; Path=/
        Content-Type: text/plain
        Content-Length: 2
        """
            .replace("\n", "\r\n");
    try (var node = RawNode.respondingWith(head + "\r\nok");
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(String.join("\r\n", response.head()) + "\r\n").isEqualTo(head);
      assertThat(response.text()).isEqualTo("ok");
    }
  }

  @Test
  void hop_by_hop_headers_of_a_node_are_not_relayed() throws Exception {
    String nodeResponse =
        withCrLf(
            """
            HTTP/1.1 200 OK
            Upgrade: h2,h2c
            Connection: Upgrade, X-Secret, Keep-Alive
            Keep-Alive: timeout=5
            X-Secret: 1
            Proxy-Authenticate: Basic
            X-Kept: 1
            Content-Length: 4

            0000\
            """);
    try (var node = RawNode.respondingWith(nodeResponse);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).head())
          .containsExactly("HTTP/1.1 200 OK", "X-Kept: 1", "Content-Length: 4");
    }
  }

  @Test
  void trailers_are_relayed() throws Exception {
    String nodeResponse =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n";
    try (var node = RawNode.respondingWith(nodeResponse);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(response.text()).isEqualTo("ok");
      assertThat(response.values("X-Sum")).containsExactly("42");
    }
  }

  @Test
  void an_http_1_0_client_gets_a_chunked_response_without_chunks() throws Exception {
    String nodeResponse =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    try (var node = RawNode.respondingWith(nodeResponse);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      String request = RawClient.request("GET " + RawClient.REFS + " HTTP/1.0");
      RawClient.Response response = RawClient.exchange(proxy.port(), request);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.text()).isEqualTo("ok");
    }
  }

  @Test
  void a_response_to_head_has_the_content_length_and_no_body() throws Exception {
    try (var node = RawNode.respondingWith("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        client.send(RawClient.request("HEAD /acme/app.git/HEAD HTTP/1.1"));
        RawClient.Response response = client.readResponse(true);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.values("Content-Length")).containsExactly("1000");
      }
      assertThat(node.requests())
          .hasSize(2)
          .allMatch(request -> request.requestLine().startsWith("HEAD "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void a_response_without_a_body_leaves_both_connections_usable(String status) throws Exception {
    try (var node = RawNode.respondingWith("HTTP/1.1 " + status + "\r\nX-A: 1\r\n\r\n");
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      for (int i = 0; i < 10; i++) {
        client.send(RawClient.get("/acme/app.git/HEAD"));
        assertThat(client.readResponse().head().getFirst()).isEqualTo("HTTP/1.1 " + status);
      }
      // Now and then the next request arrives before the node's connection is back in its pool.
      assertThat(node.connectionCount()).isLessThan(6);
    }
  }

  @Test
  void small_and_large_pieces_arrive_in_order() throws Exception {
    byte[] body = new byte[5_000_000];
    for (int i = 0; i < body.length; i++) body[i] = (byte) (i * 31 + (i >> 10));
    try (var node = new RawNode((request, in, out) -> writeInPieces(request, in, out, body));
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response response = RawClient.exchange(proxy.port(), POST);
      assertThat(response.complete()).isTrue();
      assertThat(Arrays.equals(response.body(), body)).isTrue();
    }
  }

  private static boolean writeInPieces(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out, byte[] body)
      throws IOException {
    RawNode.readBody(request, in);
    write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    int[] sizes = {1, 4096, 17_000, 300, 65_536, 4096, 4096, 200_000, 15_999, 16_384};
    for (int offset = 0, i = 0; offset < body.length; i++) {
      int size = Math.min(sizes[i % sizes.length], body.length - offset);
      write(out, Integer.toHexString(size) + "\r\n");
      out.write(body, offset, size);
      write(out, "\r\n");
      offset += size;
    }
    write(out, "0\r\n\r\n");
    return true;
  }

  @Test
  void a_client_that_does_not_read_stops_the_node() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch closed = new CountDownLatch(1);
    try (var node =
            new RawNode((request, in, out) -> writeEndlessly(request, in, out, sent, closed));
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(POST);
      long before;
      do {
        before = sent.get();
      } while (!closed.await(500, TimeUnit.MILLISECONDS) && sent.get() != before);
      assertThat(sent.get()).isLessThan(24_000_000);
      client.reset();
      // When the client has left, the connection to the node is closed too.
      assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static boolean writeEndlessly(
      RawNode.ReceivedRequest request,
      InputStream in,
      OutputStream out,
      AtomicLong sent,
      CountDownLatch closed)
      throws IOException {
    RawNode.readBody(request, in);
    write(out, "HTTP/1.1 200 OK\r\n\r\n");
    byte[] piece = new byte[10_000];
    try {
      while (true) {
        out.write(piece);
        sent.addAndGet(piece.length);
      }
    } finally {
      closed.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 4_096, 300_000})
  void a_client_that_leaves_during_the_response_leaks_no_buffer(int pieceSize) throws Exception {
    String chunk = Integer.toHexString(pieceSize) + "\r\n" + "x".repeat(pieceSize) + "\r\n";
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    // Closing the proxy fails if a buffer was leaked.
    try (var node =
            RawNode.respondingWith(head + chunk.repeat(20_000_000 / pieceSize) + "0\r\n\r\n");
        var proxy = TestProxy.inFrontOf(node.uri())) {
      for (int i = 0; i < 20; i++) {
        try (var client = new RawClient(proxy.port())) {
          client.send(POST);
          client.readUntil("\r\n\r\n");
          client.reset();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 200000\r\n\r\nBODY",
        "Transfer-Encoding: chunked\r\n\r\n186a0\r\nBODY\r\n",
        "Transfer-Encoding: chunked\r\n\r\n186a0\r\nBODY\r\n4\r\n12",
        "Transfer-Encoding: chunked\r\n\r\n186a0\r\nBODY\r\nzz\r\n"
      })
  void a_node_that_fails_midway_truncates_the_response(String partialResponse) throws Exception {
    String nodeResponse =
        "HTTP/1.1 200 OK\r\n" + partialResponse.replace("BODY", "x".repeat(100_000));
    try (var node =
            new RawNode((request, in, out) -> respondAndClose(request, in, out, nodeResponse));
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get("/acme/app.git/objects/info/packs"));
      RawClient.Response response = client.readResponse();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.complete()).isFalse();
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void a_cut_response_to_http_1_0_ends_in_a_reset() throws Exception {
    String path = "GET /acme/app.git/objects/info/packs ";
    try (var node = new RawNode(NodeResponsesTest::respondWithOneChunk);
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.request(path + "HTTP/1.0"));
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200").doesNotContain("chunked");
      assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
      // To HTTP/1.1 it has chunks, of which the last one is missing.
      String closing = RawClient.request(path + "HTTP/1.1", "Connection: close");
      assertThat(RawClient.exchange(proxy.port(), closing).complete()).isFalse();
    }
  }

  private static boolean respondWithOneChunk(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out) throws IOException {
    String body = "186a0\r\n" + "x".repeat(100_000) + "\r\n";
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    return respondAndClose(request, in, out, head + body);
  }

  private static boolean respondAndClose(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out, String response)
      throws IOException {
    RawNode.readBody(request, in);
    write(out, response);
    return false;
  }

  @Test
  void bytes_after_a_response_never_become_the_next_response() throws Exception {
    String unsolicited = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
    try (var node =
            RawNode.respondingWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + unsolicited);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      for (int i = 0; i < 5; i++) {
        assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).text())
            .isEqualTo("ok");
      }
      assertThat(node.connectionsInUse()).isEqualTo(5);
    }
  }

  @Test
  void a_connection_on_which_a_node_offered_ntlm_is_not_reused() throws Exception {
    String nodeResponse =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n"
            + "WWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno";
    try (var node = RawNode.respondingWith(nodeResponse);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      for (int i = 0; i < 3; i++) {
        RawClient.Response response =
            RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
        assertThat(response.values("WWW-Authenticate"))
            .containsExactly("Negotiate", "Basic realm=\"x\"");
      }
      assertThat(node.connectionsInUse()).isEqualTo(3);
    }
  }

  @Test
  void a_kept_alive_connection_that_the_node_closed_is_replaced() throws Exception {
    try (var node = new RawNode(NodeResponsesTest::respondAndCloseUnannounced);
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      for (int i = 0; i < 20; i++) {
        client.send(RawClient.get(RawClient.REFS));
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
    }
  }

  // The response does not announce that the connection is closed.
  private static boolean respondAndCloseUnannounced(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out) throws IOException {
    RawNode.readBody(request, in);
    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    return false;
  }

  @Test
  void a_silent_node_times_out() throws Exception {
    var timeouts =
        new NodeTimeouts(
            Duration.ofSeconds(1),
            Duration.ofMillis(700),
            Duration.ofMillis(700),
            Duration.ofMillis(700));
    CountDownLatch end = new CountDownLatch(1);
    try (var node = new RawNode((request, in, out) -> waitFor(end));
        var proxy = new TestProxy(TestProxy.Options.defaults().with(timeouts), node.uri())) {
      assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).status())
          .isEqualTo(502);
      end.countDown();
    }
  }

  @Test
  void a_node_that_falls_silent_midway_truncates_the_response() throws Exception {
    var timeouts =
        new NodeTimeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(700),
            Duration.ofMillis(700));
    CountDownLatch end = new CountDownLatch(1);
    try (var node =
            new RawNode((request, in, out) -> {
              write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
              return waitFor(end);
            });
        var proxy = new TestProxy(TestProxy.Options.defaults().with(timeouts), node.uri())) {
      assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).complete())
          .isFalse();
      end.countDown();
    }
  }

  private static boolean waitFor(CountDownLatch end) {
    try {
      assertThat(end.await(15, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Test
  void another_node_responds_if_one_is_unreachable() throws Exception {
    var unreachable = RawNode.respondingWith("");
    unreachable.close();
    try (var node = RawNode.respondingWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var proxy = TestProxy.inFrontOf(unreachable.uri(), node.uri())) {
      for (int i = 0; i < 4; i++) {
        assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).status())
            .isEqualTo(200);
      }
    }
  }

  private static String withCrLf(String text) {
    return text.replace("\n", "\r\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
