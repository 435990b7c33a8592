package packhorse.http;

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
import packhorse.record.Outcome;
import packhorse.request.Refusal;

/// What a client hears, byte for byte, while the node that it waits for is silent.
final class KeepAlivesTest {
  private static final String FETCH =
      "0040want " + "1".repeat(40) + " side-band-64k\n" + "0000" + "0009done\n";
  private static final String POST =
      RawClient.post(
          "/acme/app.git/git-upload-pack", "application/x-git-upload-pack-request", FETCH);
  private static final String NAK = "0008NAK\n";
  private static final String FRAME = "0005\2";
  private static final String PACK = "000b\1PACK..0000";
  private static final String LIST = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n0000";
  private static final String TWICE = "5\r\n" + FRAME + "\r\n5\r\n" + FRAME + "\r\n";

  private final CountDownLatch spoken = new CountDownLatch(1);

  /// What the node does with a fetch that it has read.
  private interface Answering {
    void answer(InputStream in, OutputStream out) throws IOException;
  }

  private static RawNode node(Answering answering) throws IOException {
    return new RawNode((request, in, out) -> {
      RawNode.body(request, in);
      if (request.line().startsWith("GET ")) {
        say(out, LIST);
        return true;
      }
      answering.answer(in, out);
      return false;
    });
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void silence() throws IOException {
    try {
      if (!spoken.await(10, TimeUnit.SECONDS)) throw new IOException("nobody was spoken to");
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static TestProxy before(RawNode node) throws Exception {
    var setting = TestProxy.Setting.usual().keepAlive(Duration.ofMillis(100));
    return new TestProxy(setting, node.uri());
  }

  /// A client that was shown the refs, and has asked for a pack.
  private static RawClient asking(TestProxy proxy) throws IOException {
    var client = new RawClient(proxy.port());
    client.send(RawClient.get(RawClient.REFS));
    assertThat(client.answer().status()).isEqualTo(200);
    client.send(POST);
    return client;
  }

  private static Outcome outcome(TestProxy proxy) throws InterruptedException {
    return Objects.requireNonNull(proxy.outcomes.pollLast(10, TimeUnit.SECONDS));
  }

  private static Outcome ended(TestProxy proxy, String word) throws InterruptedException {
    Outcome outcome = outcome(proxy);
    while (!outcome.word().equals(word)) outcome = outcome(proxy);
    return outcome;
  }

  @Test
  void the_answer_goes_on_behind_what_was_said_before_it() throws Exception {
    try (var node =
            node((in, out) -> {
              silence();
              say(out, "HTTP/1.1 200 OK\r\nContent-Length: 23\r\nX-Late: 1\r\n\r\n" + NAK + PACK);
            });
        var proxy = before(node);
        var client = asking(proxy)) {
      assertThat(client.until(TWICE))
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
                  + FRAME
                  + "\r\n"
                  + TWICE);
      spoken.countDown();
      assertThat(client.until("0\r\n\r\n")).endsWith("F\r\n" + PACK + "\r\n0\r\n\r\n");
      assertThat(ended(proxy, "answered").answer().orElseThrow().node().name()).isEqualTo("node-1");
    }
  }

  @Test
  void a_node_is_silent_also_behind_its_head() throws Exception {
    try (var node =
            node((in, out) -> {
              say(out, "HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n");
              silence();
              say(out, NAK + PACK);
            });
        var proxy = before(node);
        var client = asking(proxy)) {
      assertThat(client.until(TWICE)).contains(NAK + FRAME);
      spoken.countDown();
      assertThat(client.until("0\r\n\r\n")).contains(PACK).doesNotContain("NAK");
    }
  }

  @Test
  void a_quick_answer_has_nothing_of_ours() throws Exception {
    String answer =
        "HTTP/1.1 200 Fine\r\nContent-Type: application/x-git-upload-pack-result\r\n"
            + "Content-Length: 23\r\n\r\n"
            + NAK
            + PACK;
    try (var node = node((in, out) -> say(out, answer));
        var proxy = before(node);
        var client = asking(proxy)) {
      assertThat(client.until(PACK)).isEqualTo(answer);
    }
  }

  @Test
  void a_node_that_goes_is_a_no_on_the_band_for_errors_and_a_clean_end() throws Exception {
    try (var node = node((in, out) -> silence());
        var proxy = before(node);
        var client = asking(proxy)) {
      client.until(TWICE);
      spoken.countDown();
      String said = client.until("0\r\n\r\n");
      Outcome outcome = ended(proxy, "refused");
      assertThat(said)
          .contains("\3the node node-1 failed before it had answered (decision ")
          .contains(outcome.arrival().id());
      assertThat(outcome.refusal().map(Refusal::kind)).contains(Refusal.Kind.NODE_FAILED);
      assertThat(outcome.answer()).as("no byte of any node was given out").isEmpty();
    }
  }

  @Test
  void a_status_other_than_200_is_a_no_on_the_band_for_errors() throws Exception {
    try (var node =
            node((in, out) -> {
              silence();
              say(out, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n");
              say(out, "Content-Length: 7\r\n\r\nnot you");
            });
        var proxy = before(node);
        var client = asking(proxy)) {
      client.until(TWICE);
      spoken.countDown();
      assertThat(client.until("0\r\n\r\n")).contains("\3not you (decision ");
      assertThat(ended(proxy, "refused").refusal().map(Refusal::kind))
          .contains(Refusal.Kind.NOT_ALLOWED);
    }
  }

  @Test
  void a_client_that_leaves_takes_its_call_along() throws Exception {
    try (var node =
            node((in, out) -> {
              if (in.read() < 0) spoken.countDown();
            });
        var proxy = before(node)) {
      try (var client = asking(proxy)) {
        client.until(TWICE);
        client.reset();
      }
      assertThat(spoken.await(10, TimeUnit.SECONDS)).as("the node sees its call end").isTrue();
      assertThat(ended(proxy, "cut").refusal()).isEmpty();
    }
  }
}
