package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// HTTP/2 requests that would mean something else in HTTP/1.1.
final class Http2Test {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final String FETCH = "application/x-git-upload-pack-request";

  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void started() throws Exception {
    node = RawNode.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    proxy = TestProxy.before(node.uri());
  }

  @AfterEach
  void stopped() throws Exception {
    proxy.close();
    node.close();
  }

  @Test
  void a_good_request_is_answered() throws Exception {
    try (var client = new Http2Client(proxy.port())) {
      client.headers(1, Http2Client.END_STREAM, get(RawClient.REFS));
      assertThat(client.frames(1)).anyMatch(frame -> frame.type() == Http2Client.DATA);
    }
    assertThat(node.heard().getFirst().line()).isEqualTo("GET " + RawClient.REFS + " HTTP/1.1");
    assertThat(node.heard().getFirst().values("Host")).containsExactly("code.test");
  }

  static Stream<List<String>> disguised() {
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
  @MethodSource("disguised")
  void a_disguised_request_reaches_no_node(List<String> headers) throws Exception {
    try (var client = new Http2Client(proxy.port())) {
      client.headers(1, Http2Client.END_STREAM, headers.toArray(new String[0]));
      assertThat(client.frames(1))
          .noneMatch(frame -> frame.type() == Http2Client.DATA && node.connections() > 0);
    }
    assertThat(node.heard()).isEmpty();
  }

  // RFC 9113 §8.2.1, §8.3: whatever is put into a name, a value or the path, the node hears a
  // request that is beyond doubt or none
  @Tag("counted")
  @Test
  void generated_heads_reach_the_node_clean_or_not_at_all() throws Exception {
    long seed = Long.getLong("packhorse.seed", 1);
    var random = new Random(seed);
    String odd = "\r\n\0\t :;,/?#%\u007f\u0085_A=";
    int count = Boolean.getBoolean("packhorse.thorough") ? 5_000 : 300;
    for (int i = 0; i < count; i++) {
      String[] head = get(RawClient.REFS, "x-odd", "odd", "content_length", "9");
      for (int n = 1 + random.nextInt(2); n > 0; n--) {
        // the method and the site stay
        int at = 6 + random.nextInt(head.length - 6);
        int cut = random.nextInt(head[at].length() + 1);
        char letter = odd.charAt(random.nextInt(odd.length()));
        head[at] = head[at].substring(0, cut) + letter + head[at].substring(cut);
      }
      try (var client = new Http2Client(proxy.port())) {
        client.headers(1, Http2Client.END_STREAM, head);
        client.frames(1);
        client.headers(3, Http2Client.END_STREAM, get(RawClient.REFS));
        client.frames(3);
      } catch (SocketException closed) {
        assertThat(closed).isNotNull();
      }
    }
    for (RawNode.Heard heard : node.heard()) {
      assertThat(heard.line())
          .as("seed %d", seed)
          .matches("GET /[^\\x00-\\x20\\x7f;#?\\\\]*(\\?[^\\x00-\\x20\\x7f#]*)? HTTP/1.1");
      assertThat(heard.values("Host")).containsExactly("code.test");
      assertThat(heard.head().subList(1, heard.head().size()))
          .as("seed %d", seed)
          .allMatch(line -> line.matches("[A-Za-z0-9-]+: [^\\x00-\\x08\\x0a-\\x1f\\x7f]*"));
    }
  }

  @Test
  void only_the_request_that_came_by_upgrade_may_say_so() throws Exception {
    String upgrade =
        RawClient.get(
            RawClient.REFS,
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABk");
    try (var client = new Http2Client(proxy.port(), upgrade)) {
      assertThat(client.frames(1)).anyMatch(frame -> frame.type() == Http2Client.DATA);
      String[] again = get(RawClient.REFS, "upgrade", "h2c", "http2-settings", "AAMAAABk");
      client.headers(3, Http2Client.END_STREAM, again);
      client.frames(3);
    }
    assertThat(node.heard()).hasSize(1);
    assertThat(node.heard().getFirst().head())
        .noneMatch(line -> line.matches("(?i)(upgrade|connection|http2-settings):.*"));
  }

  @Test
  void a_body_that_is_not_as_long_as_it_says_reaches_no_node() throws Exception {
    for (String length : List.of("3", "100")) {
      try (var client = new Http2Client(proxy.port())) {
        client.headers(1, 0, post("content-length", length));
        client.frame(Http2Client.DATA, Http2Client.END_STREAM, 1, bytes("0000"));
        client.frames(1);
      }
    }
    assertThat(node.heard()).isEmpty();
  }

  @Test
  void a_body_without_a_length_reaches_the_node_with_one() throws Exception {
    try (var client = new Http2Client(proxy.port())) {
      client.headers(1, 0, post());
      client.frame(Http2Client.DATA, 0, 1, bytes("00"));
      client.frame(Http2Client.DATA, Http2Client.END_STREAM, 1, bytes("00"));
      assertThat(client.frames(1)).anyMatch(frame -> frame.type() == Http2Client.DATA);
    }
    assertThat(node.heard().getFirst().values("Content-Length")).containsExactly("4");
  }

  @Test
  void a_flood_of_resets_is_asked_to_go_away() throws Exception {
    try (var client = new Http2Client(proxy.port())) {
      List<Http2Client.Frame> frames = new ArrayList<>();
      for (int stream = 1; stream < 2_001; stream += 2) {
        try {
          client.headers(stream, Http2Client.END_STREAM, get("/"));
          client.frame(Http2Client.RESET, 0, stream, new byte[] {0, 0, 0, 8});
        } catch (SocketException closed) {
          break;
        }
      }
      while (!client.ended() && !goneAway(frames)) frames.addAll(client.frames(1));
      assertThat(frames.getLast())
          .returns(Http2Client.GOAWAY, Http2Client.Frame::type)
          .returns(ENHANCE_YOUR_CALM, Http2Client.Frame::error);
    }
    assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).status()).isEqualTo(200);
  }

  private static boolean goneAway(List<Http2Client.Frame> frames) {
    return !frames.isEmpty() && frames.getLast().type() == Http2Client.GOAWAY;
  }

  private static String[] get(String path, String... more) {
    return head("GET", path, more);
  }

  private static String[] post(String... more) {
    List<String> all = new ArrayList<>(List.of("content-type", FETCH));
    all.addAll(List.of(more));
    return head("POST", "/acme/app.git/git-upload-pack", all.toArray(new String[0]));
  }

  private static String[] head(String method, String path, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":authority", "code.test", ":path", path));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
