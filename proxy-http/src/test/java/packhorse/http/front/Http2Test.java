package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawHttp2Client;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// HTTP/2 requests that would mean something else in HTTP/1.1.
final class Http2Test {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final String FETCH = "application/x-git-upload-pack-request";

  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = RawNode.respondingWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    proxy = TestProxy.inFrontOf(node.uri());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    node.close();
  }

  @Test
  void a_valid_request_is_served() throws Exception {
    try (var client = new RawHttp2Client(proxy.port())) {
      client.sendHeaders(1, RawHttp2Client.END_STREAM, get(RawClient.REFS));
      assertThat(client.readFrames(1)).anyMatch(frame -> frame.type() == RawHttp2Client.DATA);
    }
    assertThat(node.requests().getFirst().requestLine())
        .isEqualTo("GET " + RawClient.REFS + " HTTP/1.1");
    assertThat(node.requests().getFirst().values("Host")).containsExactly("code.test");
  }

  static Stream<List<String>> ambiguousHeads() {
    return Stream.of(
            get("/acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nX: 1"),
            get("/acme/app.git/info/refs?service=git-upload-pack x"),
            get(RawClient.REFS, "x", "a\r\nhost: evil.test"),
            get(RawClient.REFS, "x", "a\nb"),
            get(RawClient.REFS, "x\r\ny", "1"),
            get(RawClient.REFS, "x:y", "1"),
            get(RawClient.REFS, "X-Upper", "1"),
            get(RawClient.REFS, "transfer-encoding", "chunked"),
            get(RawClient.REFS, "connection", "close"),
            get(RawClient.REFS, "upgrade", "h2c"),
            get(RawClient.REFS, "upgrade", "h2c", "http2-settings", "AAMAAABk"),
            get(RawClient.REFS, "connection", "http2-settings", "http2-settings", "AAMAAABk"),
            get(RawClient.REFS, "host", "evil.test"),
            get(RawClient.REFS, "te", "chunked"),
            get(RawClient.REFS, "content-length", "+5"),
            get("/acme/app.git/objects/a?b c"),
            get(RawClient.REFS, ":path", "/secret"))
        .map(List::of);
  }

  @ParameterizedTest
  @MethodSource("ambiguousHeads")
  void a_request_that_is_ambiguous_in_http_1_reaches_no_node(List<String> headers)
      throws Exception {
    try (var client = new RawHttp2Client(proxy.port())) {
      client.sendHeaders(1, RawHttp2Client.END_STREAM, headers.toArray(new String[0]));
      assertThat(client.readFrames(1))
          .noneMatch(frame -> frame.type() == RawHttp2Client.DATA && node.connectionCount() > 0);
    }
    assertThat(node.requests()).isEmpty();
  }

  // RFC 9113 §8.2.1, §8.3: whatever is inserted into a name, a value or the path, the node receives
  // a valid request or none.
  @Tag("counted")
  @Test
  void generated_heads_reach_the_node_valid_or_not_at_all() throws Exception {
    long seed = Long.getLong("packhorse.seed", 1);
    var random = new Random(seed);
    String specialCharacters = "\r\n\0\t :;,/?#%\u007f\u0085_A=";
    int count = Boolean.getBoolean("packhorse.thorough") ? 5_000 : 300;
    for (int i = 0; i < count; i++) {
      String[] head = get(RawClient.REFS, "x-odd", "odd", "content_length", "9");
      for (int n = 1 + random.nextInt(2); n > 0; n--) {
        // the method and the authority stay unchanged
        int index = 6 + random.nextInt(head.length - 6);
        int position = random.nextInt(head[index].length() + 1);
        char inserted = specialCharacters.charAt(random.nextInt(specialCharacters.length()));
        head[index] =
            head[index].substring(0, position) + inserted + head[index].substring(position);
      }
      try (var client = new RawHttp2Client(proxy.port())) {
        client.sendHeaders(1, RawHttp2Client.END_STREAM, head);
        client.readFrames(1);
        client.sendHeaders(3, RawHttp2Client.END_STREAM, get(RawClient.REFS));
        client.readFrames(3);
      } catch (SocketException closed) {
        assertThat(closed).isNotNull();
      }
    }
    for (RawNode.ReceivedRequest received : node.requests()) {
      assertThat(received.requestLine())
          .as("seed %d", seed)
          .matches("GET /[^\\x00-\\x20\\x7f#?\\\\]*(\\?[^\\x00-\\x20\\x7f#]*)? HTTP/1.1");
      assertThat(received.values("Host")).containsExactly("code.test");
      assertThat(received.head().subList(1, received.head().size()))
          .as("seed %d", seed)
          .allMatch(line -> line.matches("[A-Za-z0-9-]+: [^\\x00-\\x08\\x0a-\\x1f\\x7f]*"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
        "Connection: Upgrade\r\nUpgrade: h2c",
        "Upgrade: h2c",
        "Connection: Upgrade",
        "Connection: Upgrade\r\nUpgrade: h2c, websocket"
      })
  void a_request_to_upgrade_to_http_2_is_served_over_http_1(String headers) throws Exception {
    String upgrade = RawClient.get(RawClient.REFS, headers.split("\r\n"));
    String post = RawClient.post("/acme/app.git/git-upload-pack", FETCH, "0000");
    try (var client = new RawClient(proxy.port())) {
      for (String request : List.of(upgrade, post)) {
        client.send(request);
        RawClient.Response response = client.readResponse();
        assertThat(response.head().getFirst()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(response.values("Upgrade")).isEmpty();
      }
    }
    assertThat(node.requests()).hasSize(2);
    assertThat(node.requests().getFirst().head())
        .noneMatch(line -> line.matches("(?i)(upgrade|connection|http2-settings):.*"));
  }

  @Test
  void a_body_that_differs_from_its_content_length_reaches_no_node() throws Exception {
    for (String length : List.of("3", "100")) {
      try (var client = new RawHttp2Client(proxy.port())) {
        client.sendHeaders(1, 0, post("content-length", length));
        client.sendFrame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1, bytes("0000"));
        client.readFrames(1);
      }
    }
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_body_without_a_content_length_reaches_the_node_with_one() throws Exception {
    try (var client = new RawHttp2Client(proxy.port())) {
      client.sendHeaders(1, 0, post());
      client.sendFrame(RawHttp2Client.DATA, 0, 1, bytes("00"));
      client.sendFrame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1, bytes("00"));
      assertThat(client.readFrames(1)).anyMatch(frame -> frame.type() == RawHttp2Client.DATA);
    }
    assertThat(node.requests().getFirst().values("Content-Length")).containsExactly("4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset of the stream", "close of the connection"})
  void a_client_that_stops_sending_after_its_response_holds_no_memory(String end) throws Exception {
    String refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    try (var unwilling =
            new RawNode((request, in, out) -> {
              out.write(bytes(refusal));
              return true;
            });
        var other = TestProxy.inFrontOf(unwilling.uri())) {
      for (int i = 0; i < 50; i++) refusedPush(other, end.contains("reset"));
      long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (other.memory.requests().heldBytes() > 0 && System.nanoTime() < giveUp) {
        Thread.onSpinWait();
      }
      assertThat(other.memory.requests().heldBytes()).isZero();
    }
  }

  private static void refusedPush(TestProxy proxy, boolean reset) throws Exception {
    String commands =
        "0071" + "0".repeat(40) + " " + "a".repeat(40) + " refs/heads/x\0report-status\n0000";
    String type = "application/x-git-receive-pack-request";
    var answered = new AtomicBoolean();
    try (var client = new RawHttp2Client(proxy.port())) {
      String path = "/acme/app.git/git-receive-pack";
      client.sendHeaders(1, 0, head("POST", path, "content-type", type));
      client.sendFrame(RawHttp2Client.DATA, 0, 1, bytes(commands));
      Thread sender = Thread.ofVirtual().start(() -> sendUntil(answered, client));
      assertThat(client.readFrames(1).getLast().flags() & RawHttp2Client.END_STREAM).isPositive();
      answered.set(true);
      sender.join();
      if (reset) client.sendFrame(RawHttp2Client.RESET, 0, 1, new byte[] {0, 0, 0, 8});
    }
  }

  private static void sendUntil(AtomicBoolean answered, RawHttp2Client client) {
    try {
      while (!answered.get()) {
        client.sendFrame(RawHttp2Client.DATA, 0, 1, bytes("x"));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_flood_of_resets_is_answered_with_goaway() throws Exception {
    try (var client = new RawHttp2Client(proxy.port())) {
      List<RawHttp2Client.Frame> frames = new ArrayList<>();
      for (int stream = 1; stream < 2_001; stream += 2) {
        try {
          client.sendHeaders(stream, RawHttp2Client.END_STREAM, get("/"));
          client.sendFrame(RawHttp2Client.RESET, 0, stream, new byte[] {0, 0, 0, 8});
        } catch (SocketException closed) {
          break;
        }
      }
      while (!client.isClosed() && !endsWithGoAway(frames)) frames.addAll(client.readFrames(1));
      assertThat(frames.getLast())
          .returns(RawHttp2Client.GOAWAY, RawHttp2Client.Frame::type)
          .returns(ENHANCE_YOUR_CALM, RawHttp2Client.Frame::error);
    }
    assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).status())
        .isEqualTo(200);
  }

  private static boolean endsWithGoAway(List<RawHttp2Client.Frame> frames) {
    return !frames.isEmpty() && frames.getLast().type() == RawHttp2Client.GOAWAY;
  }

  private static String[] get(String path, String... additional) {
    return head("GET", path, additional);
  }

  private static String[] post(String... additional) {
    List<String> all = new ArrayList<>(List.of("content-type", FETCH));
    all.addAll(List.of(additional));
    return head("POST", "/acme/app.git/git-upload-pack", all.toArray(new String[0]));
  }

  private static String[] head(String method, String path, String... additional) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":authority", "code.test", ":path", path));
    all.addAll(List.of(additional));
    return all.toArray(new String[0]);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
