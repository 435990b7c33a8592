package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client hears of a node's answer.
final class RelayTest {
  private static final String FETCH = "application/x-git-upload-pack-request";
  private static final String POST = RawClient.post("/acme/app.git/git-upload-pack", FETCH, "0000");

  @Test
  void status_reason_headers_in_their_order_and_nothing_else() throws Exception {
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
    try (var node = RawNode.answering(head + "\r\nok");
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer answer = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(String.join("\r\n", answer.head()) + "\r\n").isEqualTo(head);
      assertThat(answer.text()).isEqualTo("ok");
    }
  }

  @Test
  void hop_by_hop_headers_of_a_node_do_not_pass() throws Exception {
    String answer =
        wire(
            """
            HTTP/1.1 200 OK
            Upgrade: h2,h2c
            Connection: Upgrade, X-Secret, Keep-Alive
            Keep-Alive: timeout=5
            X-Secret: 1
            Proxy-Authenticate: Basic
            X-Kept: 1
            Content-Length: 0

            """);
    try (var node = RawNode.answering(answer);
        var proxy = TestProxy.before(node.uri())) {
      assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).head())
          .containsExactly("HTTP/1.1 200 OK", "X-Kept: 1", "Content-Length: 0");
    }
  }

  @Test
  void trailers_pass() throws Exception {
    String answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n";
    try (var node = RawNode.answering(answer);
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer heard = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(heard.text()).isEqualTo("ok");
      assertThat(heard.values("X-Sum")).containsExactly("42");
    }
  }

  @Test
  void a_client_of_the_old_version_gets_a_chunked_answer_as_it_can_take_it() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    try (var node = RawNode.answering(answer);
        var proxy = TestProxy.before(node.uri())) {
      String request = RawClient.request("GET " + RawClient.REFS + " HTTP/1.0");
      RawClient.Answer heard = RawClient.ask(proxy.port(), request);
      assertThat(heard.status()).isEqualTo(200);
      assertThat(heard.text()).isEqualTo("ok");
    }
  }

  @Test
  void a_head_answer_has_the_length_and_no_body() throws Exception {
    try (var node = RawNode.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        var proxy = TestProxy.before(node.uri());
        var client = new RawClient(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        client.send(RawClient.request("HEAD /acme/app.git/HEAD HTTP/1.1"));
        RawClient.Answer answer = client.answer(true);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.values("Content-Length")).containsExactly("1000");
      }
      assertThat(node.heard()).hasSize(2).allMatch(heard -> heard.line().startsWith("HEAD "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void an_answer_without_a_body_leaves_both_connections_usable(String status) throws Exception {
    try (var node = RawNode.answering("HTTP/1.1 " + status + "\r\nX-A: 1\r\n\r\n");
        var proxy = TestProxy.before(node.uri());
        var client = new RawClient(proxy.port())) {
      for (int i = 0; i < 10; i++) {
        client.send(RawClient.get("/acme/app.git/HEAD"));
        assertThat(client.answer().head().getFirst()).isEqualTo("HTTP/1.1 " + status);
      }
      // now and then the next request comes before the node's connection is back in its pool
      assertThat(node.connections()).isLessThan(6);
    }
  }

  @Test
  void small_and_large_pieces_arrive_in_their_order() throws Exception {
    byte[] whole = new byte[5_000_000];
    for (int i = 0; i < whole.length; i++) whole[i] = (byte) (i * 31 + (i >> 10));
    try (var node = new RawNode((request, in, out) -> pieces(request, in, out, whole));
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer answer = RawClient.ask(proxy.port(), POST);
      assertThat(answer.whole()).isTrue();
      assertThat(Arrays.equals(answer.body(), whole)).isTrue();
    }
  }

  private static boolean pieces(
      RawNode.Heard request, InputStream in, OutputStream out, byte[] whole) throws IOException {
    RawNode.body(request, in);
    write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    int[] sizes = {1, 4096, 17_000, 300, 65_536, 4096, 4096, 200_000, 15_999, 16_384};
    for (int at = 0, i = 0; at < whole.length; i++) {
      int size = Math.min(sizes[i % sizes.length], whole.length - at);
      write(out, Integer.toHexString(size) + "\r\n");
      out.write(whole, at, size);
      write(out, "\r\n");
      at += size;
    }
    write(out, "0\r\n\r\n");
    return true;
  }

  @Test
  void a_client_that_does_not_read_stops_the_node() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch stuck = new CountDownLatch(1);
    try (var node = new RawNode((request, in, out) -> endless(request, in, out, sent, stuck));
        var proxy = TestProxy.before(node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(POST);
      long before;
      do {
        before = sent.get();
      } while (!stuck.await(500, TimeUnit.MILLISECONDS) && sent.get() != before);
      assertThat(sent.get()).isLessThan(24_000_000);
      client.reset();
      // with its client gone, the node's connection is cut too
      assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static boolean endless(
      RawNode.Heard request, InputStream in, OutputStream out, AtomicLong sent, CountDownLatch cut)
      throws IOException {
    RawNode.body(request, in);
    write(out, "HTTP/1.1 200 OK\r\n\r\n");
    byte[] piece = new byte[10_000];
    try {
      while (true) {
        out.write(piece);
        sent.addAndGet(piece.length);
      }
    } finally {
      cut.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 4_096, 300_000})
  void a_client_that_leaves_in_the_midst_leaves_no_buffer_behind(int piece) throws Exception {
    String chunk = Integer.toHexString(piece) + "\r\n" + "x".repeat(piece) + "\r\n";
    String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    // it is closing the proxy that fails where one was left
    try (var node = RawNode.answering(answer + chunk.repeat(20_000_000 / piece) + "0\r\n\r\n");
        var proxy = TestProxy.before(node.uri())) {
      for (int i = 0; i < 20; i++) {
        try (var client = new RawClient(proxy.port())) {
          client.send(POST);
          client.until("\r\n\r\n");
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
  void a_node_that_fails_midway_cuts_the_clients_answer(String half) throws Exception {
    String answer = "HTTP/1.1 200 OK\r\n" + half.replace("BODY", "x".repeat(100_000));
    try (var node = new RawNode((request, in, out) -> last(request, in, out, answer));
        var proxy = TestProxy.before(node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get("/acme/app.git/objects/info/packs"));
      RawClient.Answer heard = client.answer();
      assertThat(heard.status()).isEqualTo(200);
      assertThat(heard.whole()).isFalse();
      assertThat(client.closed()).isTrue();
    }
  }

  private static boolean last(
      RawNode.Heard request, InputStream in, OutputStream out, String answer) throws IOException {
    RawNode.body(request, in);
    write(out, answer);
    return false;
  }

  @Test
  void a_flood_of_interim_answers_is_no_answer() throws Exception {
    String flood = "HTTP/1.1 102 Processing\r\n\r\n".repeat(1000);
    try (var node = RawNode.answering(flood + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var proxy = TestProxy.before(node.uri())) {
      assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).status())
          .isEqualTo(502);
    }
  }

  @Test
  void bytes_behind_an_answer_never_become_somebody_elses() throws Exception {
    String extra = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
    try (var node = RawNode.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + extra);
        var proxy = TestProxy.before(node.uri())) {
      for (int i = 0; i < 5; i++) {
        assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).text())
            .isEqualTo("ok");
      }
      assertThat(node.connections()).isEqualTo(5);
    }
  }

  @Test
  void a_connection_on_which_a_node_asked_for_ntlm_is_not_used_again() throws Exception {
    String answer =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n"
            + "WWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno";
    try (var node = RawNode.answering(answer);
        var proxy = TestProxy.before(node.uri())) {
      for (int i = 0; i < 3; i++) {
        RawClient.Answer heard = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
        assertThat(heard.values("WWW-Authenticate"))
            .containsExactly("Negotiate", "Basic realm=\"x\"");
      }
      assertThat(node.connections()).isEqualTo(3);
    }
  }

  @Test
  void a_kept_connection_that_the_node_closed_is_replaced_unseen() throws Exception {
    try (var node = new RawNode(RelayTest::onceEach);
        var proxy = TestProxy.before(node.uri());
        var client = new RawClient(proxy.port())) {
      for (int i = 0; i < 20; i++) {
        client.send(RawClient.get(RawClient.REFS));
        assertThat(client.answer().status()).isEqualTo(200);
      }
    }
  }

  // says that the connection stays, and closes it
  private static boolean onceEach(RawNode.Heard request, InputStream in, OutputStream out)
      throws IOException {
    RawNode.body(request, in);
    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    return false;
  }

  @Test
  void a_silent_node_is_given_up() throws Exception {
    var patience =
        new NodeTimeouts(Duration.ofSeconds(1), Duration.ofMillis(700), Duration.ofMillis(700));
    CountDownLatch end = new CountDownLatch(1);
    try (var node = new RawNode((request, in, out) -> silent(end));
        var proxy = new TestProxy(TestProxy.Setting.usual().with(patience), node.uri())) {
      assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).status())
          .isEqualTo(502);
      end.countDown();
    }
  }

  @Test
  void a_node_that_falls_silent_midway_cuts_the_answer() throws Exception {
    var patience =
        new NodeTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMillis(700));
    CountDownLatch end = new CountDownLatch(1);
    try (var node =
            new RawNode((request, in, out) -> {
              write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
              return silent(end);
            });
        var proxy = new TestProxy(TestProxy.Setting.usual().with(patience), node.uri())) {
      assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).whole()).isFalse();
      end.countDown();
    }
  }

  private static boolean silent(CountDownLatch end) {
    try {
      assertThat(end.await(15, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Test
  void another_node_answers_unseen_when_one_cannot_be_reached() throws Exception {
    var dead = RawNode.answering("");
    dead.close();
    try (var node = RawNode.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var proxy = TestProxy.before(dead.uri(), node.uri())) {
      for (int i = 0; i < 4; i++) {
        assertThat(RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS)).status())
            .isEqualTo(200);
      }
    }
  }

  private static String wire(String text) {
    return text.replace("\n", "\r\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
