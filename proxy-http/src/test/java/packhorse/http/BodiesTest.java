package packhorse.http;

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

/// The bodies of requests on their way to a node.
final class BodiesTest {
  private static final String FETCH = "/acme/app.git/git-upload-pack";
  private static final String PUSH = "/acme/app.git/git-receive-pack";
  private static final String WANT = "0032want " + "a".repeat(40) + "\n00000009done\n";
  private static final String COMMANDS = commands();

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private RawNode node;
  private TestProxy proxy;

  /// What came of a body, and whether it ended as its framing says.
  private record Arrived(String text, boolean whole) {}

  private static String commands() {
    String line =
        "0".repeat(40) + " " + "a".repeat(40) + " refs/heads/new\0report-status side-band-64k";
    return String.format("%04x", line.length() + 4) + line + "0000";
  }

  @BeforeEach
  void started() throws Exception {
    node = new RawNode(this::serve);
    proxy = TestProxy.before(node.uri());
  }

  @AfterEach
  void stopped() throws Exception {
    proxy.close();
    node.close();
  }

  private boolean serve(RawNode.Heard request, InputStream in, OutputStream out)
      throws IOException {
    if (request.values("Content-Length").isEmpty()) {
      return chunked(in, out);
    }
    int length = Integer.parseInt(request.values("Content-Length").getFirst());
    byte[] body = in.readNBytes(length);
    return answered(new String(body, StandardCharsets.ISO_8859_1), body.length == length, out);
  }

  private boolean chunked(InputStream in, OutputStream out) throws IOException {
    var text = new StringBuilder();
    while (true) {
      var size = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) size.append((char) c);
      if (size.isEmpty()) return answered(text.toString(), false, out);
      int n = Integer.parseInt(size.toString().strip(), 16);
      byte[] chunk = in.readNBytes(n + 2);
      if (n == 0) return answered(text.toString(), true, out);
      text.append(new String(chunk, 0, Math.min(n, chunk.length), StandardCharsets.ISO_8859_1));
      if (chunk.length < n + 2) return answered(text.toString(), false, out);
    }
  }

  private boolean answered(String text, boolean whole, OutputStream out) throws IOException {
    arrived.add(new Arrived(text, whole));
    if (!whole) return false;
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-result\r\nContent-Length: 2\r\n\r\nok";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  @Test
  void a_packed_fetch_reaches_the_node_unpacked_and_with_its_length() throws Exception {
    byte[] packed = GzipBodyTest.packed(WANT.getBytes(StandardCharsets.US_ASCII));
    ask(FETCH, packed, "Content-Encoding: gzip", "Content-Length: " + packed.length);
    assertThat(taken()).isEqualTo(new Arrived(WANT, true));
    assertThat(node.heard().getFirst().values("Content-Encoding")).isEmpty();
    assertThat(node.heard().getFirst().values("Content-Length"))
        .containsExactly("" + WANT.length());
  }

  @Test
  void a_chunked_fetch_reaches_the_node_with_its_length() throws Exception {
    String chunked = Integer.toHexString(WANT.length()) + ";ext=1\r\n" + WANT + "\r\n0\r\n\r\n";
    ask(FETCH, chunked.getBytes(StandardCharsets.US_ASCII), "Transfer-Encoding: chunked");
    assertThat(taken()).isEqualTo(new Arrived(WANT, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 17})
  void a_broken_packed_body_reaches_no_node_and_leaks_nothing_into_the_next(int cut)
      throws Exception {
    byte[] packed = GzipBodyTest.packed(WANT.getBytes(StandardCharsets.US_ASCII));
    byte[] broken = Arrays.copyOf(packed, packed.length - 1 - cut);
    RawClient.Answer answer =
        ask(FETCH, broken, "Content-Encoding: gzip", "Content-Length: " + broken.length);
    assertThat(answer.text()).contains("gzip", "(decision ");
    assertThat(arrived).isEmpty();
    ask(FETCH, packed, "Content-Encoding: x-gzip", "Content-Length: " + packed.length);
    assertThat(taken()).isEqualTo(new Arrived(WANT, true));
  }

  @Test
  void a_fetch_that_unpacks_to_more_than_git_takes_is_refused() throws Exception {
    byte[] packed = GzipBodyTest.packed(new byte[50_000_000]);
    RawClient.Answer answer =
        ask(FETCH, packed, "Content-Encoding: gzip", "Content-Length: " + packed.length);
    assertThat(answer.text()).contains("larger than", "(decision ");
    assertThat(arrived).isEmpty();
  }

  @Test
  void a_push_whose_client_goes_never_ends_cleanly_at_the_node() throws Exception {
    for (String framing : new String[] {"Content-Length: 5000", "Transfer-Encoding: chunked"}) {
      try (var client = new RawClient(proxy.port())) {
        client.send(head(PUSH, framing));
        String body = COMMANDS + "PACK" + "x".repeat(1000);
        boolean chunked = framing.startsWith("Transfer");
        client.send(chunked ? Integer.toHexString(body.length()) + "\r\n" + body + "\r\n" : body);
        client.closeOutput();
        Arrived half = taken();
        assertThat(half.whole()).isFalse();
        assertThat(half.text()).startsWith(COMMANDS);
      }
    }
    // and the next one is clean, on a connection of its own
    String whole = COMMANDS + "PACK";
    ask(PUSH, whole.getBytes(StandardCharsets.US_ASCII), "Content-Length: " + whole.length());
    assertThat(taken()).isEqualTo(new Arrived(whole, true));
  }

  @Test
  void a_client_that_asks_whether_to_go_on_is_told_to() throws Exception {
    try (var client = new RawClient(proxy.port())) {
      String body = COMMANDS + "PACK";
      client.send(head(PUSH, "Content-Length: " + body.length(), "Expect: 100-continue"));
      assertThat(client.answer(true).status()).isEqualTo(100);
      client.send(body);
      assertThat(client.answer().text()).isEqualTo("ok");
      assertThat(taken()).isEqualTo(new Arrived(body, true));
      assertThat(node.heard().getFirst().values("Expect")).isEmpty();
    }
  }

  @Test
  void the_probe_before_a_large_push_goes_to_the_node() throws Exception {
    ask(PUSH, "0000".getBytes(StandardCharsets.US_ASCII), "Content-Length: 4");
    assertThat(taken()).isEqualTo(new Arrived("0000", true));
  }

  private RawClient.Answer ask(String path, byte[] body, String... lines) throws Exception {
    try (var client = new RawClient(proxy.port())) {
      client.send(head(path, lines));
      client.send(body);
      return client.answer();
    }
  }

  private static String head(String path, String... lines) {
    var all = new ArrayList<>(List.of(lines));
    all.add(
        "Content-Type: application/x-" + path.substring(path.lastIndexOf('/') + 1) + "-request");
    return RawClient.request("POST " + path + " HTTP/1.1", all.toArray(new String[0]));
  }

  private Arrived taken() throws InterruptedException {
    Arrived one = arrived.poll(10, TimeUnit.SECONDS);
    return one == null ? new Arrived("nothing", false) : one;
  }
}
