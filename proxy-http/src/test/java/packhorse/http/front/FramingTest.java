package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;
import packhorse.record.Outcome;
import packhorse.request.Refusal;

/// Requests that two programs could frame differently: they never reach a node, and their
/// connection is closed.
final class FramingTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String POST =
      "POST /acme/app.git/git-upload-pack HTTP/1.1\r\nHost: code.test\r\n";
  private static final String CONTENT_TYPE =
      "Content-Type: application/x-git-upload-pack-request\r\n";
  private static final String SMUGGLED =
      "GET /secret/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: code.test\r\n\r\n";

  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = RawNode.respondingWith(OK);
    proxy = TestProxy.inFrontOf(node.uri());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    node.close();
  }

  private static final List<String> CODINGS =
      List.of(
          ",chunked",
          "xchunked",
          "chunked, chunked",
          "identity, chunked",
          "identity",
          "gzip, chunked",
          "chunked\u000b",
          "\u00a0chunked",
          "chunked;q=1",
          "\"chunked\"",
          "chunked\r\nTransfer-Encoding: chunked",
          "chunked\r\nTransfer-Encoding: identity");

  private static final List<String> LENGTHS =
      List.of(
          "",
          "+4",
          "-1",
          "4,4",
          "0x4",
          "4\r\nContent-Length: 4",
          "4\r\nContent-Length: 5",
          "18446744073709551616",
          "4 4");

  static Stream<String> ambiguousRequests() {
    List<String> requests = new ArrayList<>();
    for (String coding : CODINGS) {
      requests.add(
          POST + CONTENT_TYPE + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }
    for (String length : LENGTHS) {
      requests.add(POST + CONTENT_TYPE + "Content-Length: " + length + "\r\n\r\n0000" + SMUGGLED);
    }
    requests.add(
        POST
            + CONTENT_TYPE
            + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + SMUGGLED);
    requests.add(
        POST
            + CONTENT_TYPE
            + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
            + SMUGGLED);
    requests.add(POST + CONTENT_TYPE + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    requests.add(
        POST + CONTENT_TYPE + "Transfer-\r\n Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    requests.add(POST + ": x\r\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X: a\u0000b\r\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X: a\rb\r\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X\u0085: b\r\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X: b\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(
        POST
            + "Connection: close, Authorization\r\n"
            + CONTENT_TYPE
            + "Content-Length: 4\r\n\r\n0000");
    requests.add(
        POST + "Connection: Git-Protocol\r\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "Host: code.test\r\n" + CONTENT_TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(
        POST.replace("1.1", "1.0")
            + CONTENT_TYPE
            + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + SMUGGLED);
    requests.add(SMUGGLED.replace("Host: code.test\r\n", ""));
    return requests.stream();
  }

  @ParameterizedTest
  @MethodSource("ambiguousRequests")
  void an_ambiguous_request_is_refused_and_its_connection_closed(String request)
      throws IOException {
    try (var client = new RawClient(proxy.port())) {
      client.send(request);
      RawClient.Response response = client.readResponse();
      assertThat(response.status()).isIn(400, 431, 501, 505);
      assertThat(client.isClosed()).isTrue();
      assertThat(proxy.outcomes).hasSize(1);
      Outcome outcome = proxy.outcomes.getFirst();
      assertThat(outcome.refusal())
          .hasValueSatisfying(
              refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED));
      assertThat(response.text()).endsWith("(decision " + outcome.arrival().id() + ")\n");
    }
    assertThat(node.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "GET / HTTP/9.9", "GET /a b HTTP/1.1", "G\u0001T / HTTP/1.1"})
  void an_invalid_request_line_has_an_outcome(String line) throws IOException {
    RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.request(line));
    assertThat(response.status()).isIn(400, 505);
    assertThat(response.text()).contains("(decision ");
    assertThat(proxy.outcomes).hasSize(1);
  }

  @Test
  void a_head_with_an_unsupported_expectation_has_an_outcome() throws IOException {
    RawClient.Response response =
        RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS, "Expect: more"));
    assertThat(response.status()).isEqualTo(417);
    assertThat(response.text()).contains("(decision ");
    assertThat(proxy.outcomes).hasSize(1);
    assertThat(node.requests()).isEmpty();
  }

  static Stream<Arguments> a_head_that_is_too_large_has_an_outcome() {
    return Stream.of(
        Arguments.of((Object) new String[] {"X: " + "a".repeat(40_000)}),
        Arguments.of((Object) Collections.nCopies(256, "a:").toArray(String[]::new)));
  }

  @ParameterizedTest
  @MethodSource
  void a_head_that_is_too_large_has_an_outcome(String... lines) throws IOException {
    String large = RawClient.get(RawClient.REFS, lines);
    RawClient.Response response = RawClient.exchange(proxy.port(), large);
    assertThat(response.status()).isEqualTo(431);
    assertThat(response.text()).contains("(decision ");
    assertThat(proxy.outcomes).hasSize(1);
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void the_socket_of_a_rejected_connection_is_closed_soon() throws Exception {
    try (var client = new RawClient(proxy.port())) {
      client.send("\0garbage\r\n\r\n");
      assertThat(client.isClosed()).isTrue();
      // The proxy discards what the client sends for a second. Then the system, which knows the
      // connection no longer, responds with a reset.
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      assertThatThrownBy(
              () -> {
                while (System.nanoTime() - deadline < 0) {
                  client.send("x");
                  LockSupport.parkNanos(20_000_000);
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  static Stream<String> invalidChunks() {
    return Stream.of(
        "0_4\r\n0000\r\n0\r\n\r\n",
        "+4\r\n0000\r\n0\r\n\r\n",
        "0x4\r\n0000\r\n0\r\n\r\n",
        " 4\r\n0000\r\n0\r\n\r\n",
        "4\n0000\r\n0\r\n\r\n",
        "4\r\n00000\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFF0\r\n0000\r\n0\r\n\r\n",
        "4;ext=\"val\r\nX\r\n0\r\n\r\n" + SMUGGLED,
        "-4\r\n0000\r\n0\r\n\r\n",
        "g\r\n0000\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("invalidChunks")
  void invalid_chunks_never_become_a_complete_request_to_the_node(String body) throws IOException {
    try (var client = new RawClient(proxy.port())) {
      client.send(POST + CONTENT_TYPE + "Transfer-Encoding: chunked\r\n\r\n" + body);
      assertThat(client.readResponse().status()).isIn(0, 200, 400);
      assertThat(client.isClosed()).isTrue();
    }
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void content_length_is_normalized_for_the_node() throws IOException {
    String flush = "0000";
    String request = POST + CONTENT_TYPE + "Content-Length: 0004\r\n\r\n" + flush;
    RawClient.exchange(proxy.port(), request);
    assertThat(node.requests())
        .allSatisfy(received -> assertThat(received.values("Content-Length")).containsExactly("4"));
  }

  @Test
  void the_request_after_a_refused_one_with_a_body_is_read_from_its_start() throws IOException {
    try (var client = new RawClient(proxy.port())) {
      String refused =
          RawClient.post(
              "/acme/../app.git/git-upload-pack",
              "application/x-git-upload-pack-request",
              SMUGGLED);
      client.send(refused + RawClient.get(RawClient.REFS));
      assertThat(client.readResponse().status()).isEqualTo(400);
      assertThat(client.readResponse().text()).isEqualTo("ok");
    }
    assertThat(node.requests()).hasSize(1);
    assertThat(node.requests().getFirst().requestLine()).contains("/acme/app.git/");
  }
}
