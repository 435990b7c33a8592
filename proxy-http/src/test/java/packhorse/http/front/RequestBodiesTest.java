package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// The bodies of requests as a node receives them.
final class RequestBodiesTest {
  private static final String FETCH = "/acme/app.git/git-upload-pack";
  private static final String PUSH = "/acme/app.git/git-receive-pack";
  private static final String WANT = "0032want " + "a".repeat(40) + "\n00000009done\n";
  private static final String COMMANDS = commands();

  private final BlockingQueue<ReceivedBody> received = new LinkedBlockingQueue<>();
  private RawNode node;
  private TestProxy proxy;

  /// What arrived of a body, and whether it ended as its framing says.
  private record ReceivedBody(String text, boolean complete) {}

  private static String commands() {
    String line =
        "0".repeat(40) + " " + "a".repeat(40) + " refs/heads/new\0report-status side-band-64k";
    return String.format("%04x", line.length() + 4) + line + "0000";
  }

  @BeforeEach
  void start() throws Exception {
    node = new RawNode(this::respond);
    proxy = TestProxy.inFrontOf(node.uri());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    node.close();
  }

  private boolean respond(RawNode.ReceivedRequest request, InputStream in, OutputStream out)
      throws IOException {
    if (request.values("Content-Length").isEmpty()) {
      return readChunked(in, out);
    }
    int length = Integer.parseInt(request.values("Content-Length").getFirst());
    byte[] body = in.readNBytes(length);
    return respond(new String(body, StandardCharsets.ISO_8859_1), body.length == length, out);
  }

  private boolean readChunked(InputStream in, OutputStream out) throws IOException {
    var text = new StringBuilder();
    while (true) {
      var size = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) size.append((char) c);
      if (size.isEmpty()) return respond(text.toString(), false, out);
      int n = Integer.parseInt(size.toString().strip(), 16);
      byte[] chunk = in.readNBytes(n + 2);
      if (n == 0) return respond(text.toString(), true, out);
      text.append(new String(chunk, 0, Math.min(n, chunk.length), StandardCharsets.ISO_8859_1));
      if (chunk.length < n + 2) return respond(text.toString(), false, out);
    }
  }

  private boolean respond(String text, boolean complete, OutputStream out) throws IOException {
    received.add(new ReceivedBody(text, complete));
    if (!complete) return false;
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-result\r\nContent-Length: 2\r\n\r\nok";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  @Test
  void a_compressed_fetch_reaches_the_node_decompressed_and_with_a_content_length()
      throws Exception {
    byte[] compressed = GzipBodyTest.compress(WANT.getBytes(StandardCharsets.US_ASCII));
    exchange(FETCH, compressed, "Content-Encoding: gzip", "Content-Length: " + compressed.length);
    assertThat(nextReceived()).isEqualTo(new ReceivedBody(WANT, true));
    assertThat(node.requests().getFirst().values("Content-Encoding")).isEmpty();
    assertThat(node.requests().getFirst().values("Content-Length"))
        .containsExactly("" + WANT.length());
  }

  @Test
  void a_chunked_fetch_reaches_the_node_with_a_content_length() throws Exception {
    String chunkedBody = Integer.toHexString(WANT.length()) + ";ext=1\r\n" + WANT + "\r\n0\r\n\r\n";
    exchange(FETCH, chunkedBody.getBytes(StandardCharsets.US_ASCII), "Transfer-Encoding: chunked");
    assertThat(nextReceived()).isEqualTo(new ReceivedBody(WANT, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 17})
  void an_invalid_compressed_body_reaches_no_node_and_does_not_affect_the_next_request(int missing)
      throws Exception {
    byte[] compressed = GzipBodyTest.compress(WANT.getBytes(StandardCharsets.US_ASCII));
    byte[] truncated = Arrays.copyOf(compressed, compressed.length - 1 - missing);
    RawClient.Response response =
        exchange(FETCH, truncated, "Content-Encoding: gzip", "Content-Length: " + truncated.length);
    assertThat(response.text()).contains("gzip", "(decision ");
    assertThat(received).isEmpty();
    exchange(FETCH, compressed, "Content-Encoding: x-gzip", "Content-Length: " + compressed.length);
    assertThat(nextReceived()).isEqualTo(new ReceivedBody(WANT, true));
  }

  @Test
  void a_fetch_that_decompresses_to_more_than_the_limit_is_refused() throws Exception {
    byte[] compressed = GzipBodyTest.compress(new byte[50_000_000]);
    RawClient.Response response =
        exchange(
            FETCH, compressed, "Content-Encoding: gzip", "Content-Length: " + compressed.length);
    assertThat(response.text()).contains("larger than", "(decision ");
    assertThat(received).isEmpty();
  }

  @Test
  void a_push_whose_client_leaves_is_never_complete_at_the_node() throws Exception {
    for (String framing : new String[] {"Content-Length: 5000", "Transfer-Encoding: chunked"}) {
      try (var client = new RawClient(proxy.port())) {
        client.send(head(PUSH, framing));
        String body = COMMANDS + "PACK" + "x".repeat(1000);
        boolean isChunked = framing.startsWith("Transfer");
        client.send(isChunked ? Integer.toHexString(body.length()) + "\r\n" + body + "\r\n" : body);
        client.closeOutput();
        ReceivedBody partial = nextReceived();
        assertThat(partial.complete()).isFalse();
        assertThat(partial.text()).startsWith(COMMANDS);
      }
    }
    // The next push is complete, on a connection of its own.
    String push = COMMANDS + "PACK";
    exchange(PUSH, push.getBytes(StandardCharsets.US_ASCII), "Content-Length: " + push.length());
    assertThat(nextReceived()).isEqualTo(new ReceivedBody(push, true));
  }

  @Test
  void a_client_that_expects_100_continue_gets_it() throws Exception {
    try (var client = new RawClient(proxy.port())) {
      String body = COMMANDS + "PACK";
      client.send(head(PUSH, "Content-Length: " + body.length(), "Expect: 100-continue"));
      assertThat(client.readResponse(true).status()).isEqualTo(100);
      client.send(body);
      assertThat(client.readResponse().text()).isEqualTo("ok");
      assertThat(nextReceived()).isEqualTo(new ReceivedBody(body, true));
      assertThat(node.requests().getFirst().values("Expect")).isEmpty();
    }
  }

  @Test
  void the_probe_request_before_a_large_push_goes_to_the_node() throws Exception {
    exchange(PUSH, "0000".getBytes(StandardCharsets.US_ASCII), "Content-Length: 4");
    assertThat(nextReceived()).isEqualTo(new ReceivedBody("0000", true));
  }

  private RawClient.Response exchange(String path, byte[] body, String... lines) throws Exception {
    try (var client = new RawClient(proxy.port())) {
      client.send(head(path, lines));
      client.send(body);
      return client.readResponse();
    }
  }

  private static String head(String path, String... lines) {
    var all = new ArrayList<>(List.of(lines));
    all.add(
        "Content-Type: application/x-" + path.substring(path.lastIndexOf('/') + 1) + "-request");
    return RawClient.request("POST " + path + " HTTP/1.1", all.toArray(new String[0]));
  }

  private ReceivedBody nextReceived() throws InterruptedException {
    ReceivedBody body = received.poll(10, TimeUnit.SECONDS);
    return body == null ? new ReceivedBody("nothing", false) : body;
  }
}
