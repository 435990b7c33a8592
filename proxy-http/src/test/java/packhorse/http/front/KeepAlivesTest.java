package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;
import packhorse.record.Outcome;
import packhorse.request.Refusal;

/// The keep-alives that a client receives, byte for byte, while its node is silent.
final class KeepAlivesTest {
  private static final String FETCH_REQUEST =
      "0040want " + "1".repeat(40) + " side-band-64k\n" + "0000" + "0009done\n";
  private static final String FETCH_POST =
      RawClient.post(
          "/acme/app.git/git-upload-pack", "application/x-git-upload-pack-request", FETCH_REQUEST);
  private static final String NAK = "0008NAK\n";
  private static final String KEEP_ALIVE = "0005\2";
  private static final String PACK = "000b\1PACK..0000";
  private static final String ADVERTISEMENT_RESPONSE =
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n0000";
  private static final String TWO_KEEP_ALIVES =
      "5\r\n" + KEEP_ALIVE + "\r\n5\r\n" + KEEP_ALIVE + "\r\n";

  private final CountDownLatch responseDue = new CountDownLatch(1);

  /// Responds to a fetch whose request was read.
  private interface FetchResponder {
    void respond(InputStream in, OutputStream out) throws IOException;
  }

  private static RawNode node(FetchResponder responder) throws IOException {
    return new RawNode((request, in, out) -> {
      RawNode.readBody(request, in);
      if (request.requestLine().startsWith("GET ")) {
        send(out, ADVERTISEMENT_RESPONSE);
        return true;
      }
      responder.respond(in, out);
      return false;
    });
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void awaitResponseDue() throws IOException {
    try {
      if (!responseDue.await(10, TimeUnit.SECONDS))
        throw new IOException("the test did not continue");
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static TestProxy proxyInFrontOf(RawNode node) throws Exception {
    var options = TestProxy.Options.defaults().withKeepAliveInterval(Duration.ofMillis(100));
    return new TestProxy(options, node.uri());
  }

  /// A client that has received the ref advertisement and requested a pack.
  private static RawClient clientThatFetches(TestProxy proxy) throws IOException {
    var client = new RawClient(proxy.port());
    client.send(RawClient.get(RawClient.REFS));
    assertThat(client.readResponse().status()).isEqualTo(200);
    client.send(FETCH_POST);
    return client;
  }

  private static Outcome outcome(TestProxy proxy) throws InterruptedException {
    return Objects.requireNonNull(proxy.outcomes.pollLast(10, TimeUnit.SECONDS));
  }

  private static Outcome outcomeOf(TestProxy proxy, String kind) throws InterruptedException {
    Outcome outcome = outcome(proxy);
    while (!outcome.result().equals(kind)) outcome = outcome(proxy);
    return outcome;
  }

  @Test
  void the_response_of_the_node_follows_the_keep_alives() throws Exception {
    try (var node =
            node((in, out) -> {
              awaitResponseDue();
              send(out, "HTTP/1.1 200 OK\r\nContent-Length: 23\r\nX-Late: 1\r\n\r\n" + NAK + PACK);
            });
        var proxy = proxyInFrontOf(node);
        var client = clientThatFetches(proxy)) {
      assertThat(client.readUntil(TWO_KEEP_ALIVES))
          .isEqualTo(
              """
              HTTP/1.1 200 OK
              Expires: Fri, 01 Jan 1980 00:00:00 GMT
              Pragma: no-cache
              Cache-Control: no-cache, max-age=0, must-revalidate
              Content-Type: application/x-git-upload-pack-result
              Transfer-Encoding: chunked

              """
                      .replace("\n", "\r\n")
                  + "D\r\n"
                  + NAK
                  + KEEP_ALIVE
                  + "\r\n"
                  + TWO_KEEP_ALIVES);
      responseDue.countDown();
      assertThat(client.readUntil("0\r\n\r\n")).endsWith("F\r\n" + PACK + "\r\n0\r\n\r\n");
      assertThat(outcomeOf(proxy, "answered").answer().orElseThrow().node().name())
          .isEqualTo("node-1");
    }
  }

  @Test
  void keep_alives_are_sent_while_the_body_is_awaited() throws Exception {
    try (var node =
            node((in, out) -> {
              send(out, "HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n");
              awaitResponseDue();
              send(out, NAK + PACK);
            });
        var proxy = proxyInFrontOf(node);
        var client = clientThatFetches(proxy)) {
      assertThat(client.readUntil(TWO_KEEP_ALIVES)).contains(NAK + KEEP_ALIVE);
      responseDue.countDown();
      assertThat(client.readUntil("0\r\n\r\n")).contains(PACK).doesNotContain("NAK");
    }
  }

  @Test
  void a_quick_response_has_no_keep_alives() throws Exception {
    String response =
        "HTTP/1.1 200 Fine\r\nContent-Type: application/x-git-upload-pack-result\r\n"
            + "Content-Length: 23\r\n\r\n"
            + NAK
            + PACK;
    try (var node = node((in, out) -> send(out, response));
        var proxy = proxyInFrontOf(node);
        var client = clientThatFetches(proxy)) {
      assertThat(client.readUntil(PACK)).isEqualTo(response);
    }
  }

  @Test
  void a_node_that_closes_the_connection_becomes_an_error_on_band_3_and_a_complete_response()
      throws Exception {
    try (var node = node((in, out) -> awaitResponseDue());
        var proxy = proxyInFrontOf(node);
        var client = clientThatFetches(proxy)) {
      client.readUntil(TWO_KEEP_ALIVES);
      responseDue.countDown();
      String received = client.readUntil("0\r\n\r\n");
      Outcome outcome = outcomeOf(proxy, "refused");
      assertThat(received)
          .contains("\3the node node-1 failed before it responded (decision ")
          .contains(outcome.arrival().id());
      assertThat(outcome.refusal().map(Refusal::kind)).contains(Refusal.Kind.NODE_FAILED);
      assertThat(outcome.answer()).as("the client got no byte from a node").isEmpty();
    }
  }

  @Test
  void a_response_that_a_node_cuts_after_keep_alives_has_no_end() throws Exception {
    try (var node =
            node((in, out) -> {
              awaitResponseDue();
              send(out, "HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n" + NAK + "000b\1PA");
            });
        var proxy = proxyInFrontOf(node);
        var client = new RawClient(proxy.port())) {
      RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      client.send(
          RawClient.post(
              "/acme/app.git/git-upload-pack",
              "application/x-git-upload-pack-request",
              FETCH_REQUEST,
              "Connection: close"));
      client.readUntil(TWO_KEEP_ALIVES);
      responseDue.countDown();
      var rest = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
      assertThat(rest).doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void a_status_other_than_200_becomes_an_error_on_band_3() throws Exception {
    try (var node =
            node((in, out) -> {
              awaitResponseDue();
              send(out, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n");
              send(out, "Content-Length: 7\r\n\r\nnot you");
            });
        var proxy = proxyInFrontOf(node);
        var client = clientThatFetches(proxy)) {
      client.readUntil(TWO_KEEP_ALIVES);
      responseDue.countDown();
      assertThat(client.readUntil("0\r\n\r\n")).contains("\3not you (decision ");
      assertThat(outcomeOf(proxy, "refused").refusal().map(Refusal::kind))
          .contains(Refusal.Kind.NOT_ALLOWED);
    }
  }

  @Test
  void a_client_that_leaves_aborts_the_request_to_the_node() throws Exception {
    try (var node =
            node((in, out) -> {
              if (in.read() < 0) responseDue.countDown();
            });
        var proxy = proxyInFrontOf(node)) {
      try (var client = clientThatFetches(proxy)) {
        client.readUntil(TWO_KEEP_ALIVES);
        client.reset();
      }
      assertThat(responseDue.await(10, TimeUnit.SECONDS))
          .as("the node sees the request aborted")
          .isTrue();
      assertThat(outcomeOf(proxy, "cut").refusal()).isEmpty();
    }
  }
}
