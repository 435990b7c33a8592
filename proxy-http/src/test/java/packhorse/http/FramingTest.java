package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.record.Outcome;
import packhorse.request.Refusal;

/// What two programs could frame differently never reaches a node, and ends the connection it came
/// on.
final class FramingTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String POST =
      "POST /acme/app.git/git-upload-pack HTTP/1.1\r\nHost: code.test\r\n";
  private static final String TYPE = "Content-Type: application/x-git-upload-pack-request\r\n";
  private static final String SECRET =
      "GET /secret/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: code.test\r\n\r\n";

  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void started() throws Exception {
    node = RawNode.answering(OK);
    proxy = TestProxy.before(node.uri());
  }

  @AfterEach
  void stopped() throws Exception {
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

  static Stream<String> ambiguous() {
    List<String> requests = new ArrayList<>();
    for (String coding : CODINGS) {
      requests.add(POST + TYPE + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n" + SECRET);
    }
    for (String length : LENGTHS) {
      requests.add(POST + TYPE + "Content-Length: " + length + "\r\n\r\n0000" + SECRET);
    }
    requests.add(
        POST + TYPE + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECRET);
    requests.add(
        POST + TYPE + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SECRET);
    requests.add(POST + TYPE + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECRET);
    requests.add(POST + TYPE + "Transfer-\r\n Encoding: chunked\r\n\r\n0\r\n\r\n" + SECRET);
    requests.add(POST + ": x\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X: a\u0000b\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X: a\rb\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X\u0085: b\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "X: b\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(
        POST + "Connection: close, Authorization\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "Connection: Git-Protocol\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(POST + "Host: code.test\r\n" + TYPE + "Content-Length: 4\r\n\r\n0000");
    requests.add(
        POST.replace("1.1", "1.0")
            + TYPE
            + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + SECRET);
    requests.add(SECRET.replace("Host: code.test\r\n", ""));
    return requests.stream();
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void an_ambiguous_request_is_refused_and_its_connection_closed(String request)
      throws IOException {
    try (var client = new RawClient(proxy.port())) {
      client.send(request);
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isIn(400, 431, 501, 505);
      assertThat(client.closed()).isTrue();
      assertThat(proxy.outcomes).hasSize(1);
      Outcome outcome = proxy.outcomes.getFirst();
      assertThat(outcome.refusal())
          .hasValueSatisfying(no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.MALFORMED));
      assertThat(answer.text()).endsWith("(decision " + outcome.arrival().id() + ")\n");
    }
    assertThat(node.heard()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "GET / HTTP/9.9", "GET /a b HTTP/1.1", "G\u0001T / HTTP/1.1"})
  void what_is_no_request_at_all_is_an_outcome_too(String line) throws IOException {
    RawClient.Answer answer = RawClient.ask(proxy.port(), RawClient.request(line));
    assertThat(answer.status()).isIn(400, 505);
    assertThat(answer.text()).contains("(decision ");
    assertThat(proxy.outcomes).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"Expect: more, 417", "Upgrade: h2c, 400"})
  void a_head_that_cannot_be_served_is_an_outcome_too(String header, int status)
      throws IOException {
    RawClient.Answer answer = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS, header));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains("(decision ");
    assertThat(proxy.outcomes).hasSize(1);
    assertThat(node.heard()).isEmpty();
  }

  @Test
  void a_head_that_is_too_large_is_an_outcome_too() throws IOException {
    String large = RawClient.get(RawClient.REFS, "X: " + "a".repeat(40_000));
    RawClient.Answer answer = RawClient.ask(proxy.port(), large);
    assertThat(answer.status()).isEqualTo(431);
    assertThat(answer.text()).contains("(decision ");
    assertThat(proxy.outcomes).hasSize(1);
    assertThat(node.heard()).isEmpty();
  }

  static Stream<String> badChunks() {
    return Stream.of(
        "0_4\r\n0000\r\n0\r\n\r\n",
        "+4\r\n0000\r\n0\r\n\r\n",
        "0x4\r\n0000\r\n0\r\n\r\n",
        " 4\r\n0000\r\n0\r\n\r\n",
        "4\n0000\r\n0\r\n\r\n",
        "4\r\n00000\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFF0\r\n0000\r\n0\r\n\r\n",
        "4;ext=\"val\r\nX\r\n0\r\n\r\n" + SECRET,
        "-4\r\n0000\r\n0\r\n\r\n",
        "g\r\n0000\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("badChunks")
  void bad_chunks_never_make_a_whole_request_at_the_node(String body) throws IOException {
    try (var client = new RawClient(proxy.port())) {
      client.send(POST + TYPE + "Transfer-Encoding: chunked\r\n\r\n" + body);
      assertThat(client.answer().status()).isIn(0, 200, 400);
      assertThat(client.closed()).isTrue();
    }
    assertThat(node.heard()).isEmpty();
  }

  @Test
  void a_length_is_written_anew_for_the_node() throws IOException {
    String flush = "0000";
    String request = POST + TYPE + "Content-Length: 0004\r\n\r\n" + flush;
    RawClient.ask(proxy.port(), request);
    assertThat(node.heard())
        .allSatisfy(heard -> assertThat(heard.values("Content-Length")).containsExactly("4"));
  }

  @Test
  void the_next_request_after_a_refused_one_with_a_body_is_read_from_its_own_start()
      throws IOException {
    try (var client = new RawClient(proxy.port())) {
      String refused =
          RawClient.post(
              "/acme/../app.git/git-upload-pack", "application/x-git-upload-pack-request", SECRET);
      client.send(refused + RawClient.get(RawClient.REFS));
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.answer().text()).isEqualTo("ok");
    }
    assertThat(node.heard()).hasSize(1);
    assertThat(node.heard().getFirst().line()).contains("/acme/app.git/");
  }
}
