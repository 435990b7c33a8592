package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
    try (var client = new RawClient(proxy.port())) {
      client.send(pushHead(5_000_000) + COMMANDS + "PACK");
      client.send("x".repeat(1_000_000));
      client.closeOutput();
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(connectionOfNextRequest()).isEqualTo(2);
  }

  @Test
  void a_push_that_a_node_refuses_before_its_end_has_the_response_of_the_node() throws IOException {
    for (int packBytes : new int[] {20, 300_000, 5_000_000}) {
      try (var client = new RawClient(proxy.port())) {
        client.send(push(packBytes));
        assertThat(client.readResponse().text()).isEqualTo("no");
      }
    }
  }

  @Test
  void a_push_that_a_node_refuses_after_it_has_stopped_reading_has_the_response_of_the_node()
      throws Exception {
    var stalled = new CountDownLatch(1);
    try (var unwilling =
            new RawNode((request, in, out) -> {
              await(stalled);
              return respond(request, in, out);
            });
        var proxy = TestProxy.inFrontOf(unwilling.uri());
        var client = new RawClient(proxy.port())) {
      var sentParts = new AtomicInteger();
      Thread sender = Thread.ofVirtual().start(() -> sendLargePush(client, sentParts));
      awaitStall(sentParts);
      stalled.countDown();
      assertThat(client.readResponse().text()).isEqualTo("no");
      sender.join();
    }
  }

  private static void sendLargePush(RawClient client, AtomicInteger sentParts) {
    String part = "x".repeat(64 * 1024);
    int parts = 500;
    try {
      client.send(pushHead(COMMANDS.length() + parts * part.length()) + COMMANDS);
      for (int i = 0; i < parts; i++) {
        client.send(part);
        sentParts.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Waits until the proxy takes no more, because its node does not.
  private static void awaitStall(AtomicInteger sentParts) {
    int before = -1;
    while (before <= 0 || before != sentParts.get()) {
      before = sentParts.get();
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
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

  @Test
  void a_response_that_a_node_cuts_at_once_is_refused_in_words_of_the_proxy() throws Exception {
    try (var cutting =
            new RawNode((request, in, out) -> {
              RawNode.readBody(request, in);
              out.write(
                  "HTTP/1.1 200 Fine\r\nContent-Length: 9\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              return false;
            });
        var proxy = TestProxy.inFrontOf(cutting.uri())) {
      RawClient.Response response =
          RawClient.exchange(proxy.port(), RawClient.get("/acme/app.git/HEAD"));
      assertThat(response.head().getFirst()).isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(response.text())
          .startsWith("the node node-1 failed in the middle of its response (decision ");
    }
  }

  private static String push(int packBytes) {
    return pushHead(COMMANDS.length() + packBytes) + COMMANDS + "x".repeat(packBytes);
  }

  private static String pushHead(int bytes) {
    return RawClient.request(
        "POST /acme/app.git/git-receive-pack HTTP/1.1",
        "Content-Type: application/x-git-receive-pack-request",
        "Content-Length: " + bytes);
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
