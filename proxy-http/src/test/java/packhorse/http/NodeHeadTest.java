package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Threat H8: heads of nodes' answers that two programs could read differently.
final class NodeHeadTest {
  // git's own test scripts have such a node
  @Test
  void a_head_that_a_script_wrote_with_bare_line_feeds_and_a_folded_challenge_is_read()
      throws Exception {
    String answer = "HTTP/1.1 401 No\nX: 1\nWWW-Authenticate: Basic\r\n realm=\"a\"\n\n0000";
    try (var node = new RawNode((request, in, out) -> last(request, in, out, answer));
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer heard = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(heard.status()).isEqualTo(401);
      assertThat(heard.values("WWW-Authenticate")).containsExactly("Basic realm=\"a\"");
      assertThat(heard.text()).isEqualTo("0000");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 1000})
  void a_challenge_that_is_folded_around_blanks_keeps_all_its_words_in_whatever_pieces_it_comes(
      int piece) throws Exception {
    String challenges =
        """
        WWW-Authenticate: FooBar a="1"
         \s
        \tb="2"
        X: 1
        www-authenticate: Bearer c=3
         p=1
         \s
         q=0
        WWW-Authenticate: Basic realm="a"
        """;
    String answer = "HTTP/1.1 401 No\n" + challenges.replace("\n", "\r\n") + "\n";
    try (var node =
            new RawNode((request, in, out) -> {
              for (int i = 0; i < answer.length(); i += piece) {
                write(out, answer.substring(i, Math.min(i + piece, answer.length())));
              }
              return false;
            });
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer heard = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(heard.values("WWW-Authenticate"))
          .containsExactly("FooBar a=\"1\" b=\"2\"", "Bearer c=3 p=1 q=0", "Basic realm=\"a\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nX: a\n\n",
        "HTTP/1.1 304 Not Modified\r\nX: a\nY: b\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void a_head_behind_which_more_could_come_is_the_last_of_its_connection(String answer)
      throws Exception {
    try (var node =
            new RawNode((request, in, out) -> {
              write(out, answer);
              return !answer.contains("200");
            });
        var proxy = TestProxy.before(node.uri())) {
      for (int i = 1; i <= 4; i++) {
        RawClient.ask(proxy.port(), RawClient.get("/acme/app.git/HEAD"));
        // Jetty may have opened one more, which waits
        assertThat(node.heard())
            .extracting(RawNode.Heard::connection)
            .hasSize(i)
            .doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\n\r\nok",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\r\n\tContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX: a\rY: b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2,2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
        "",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"
      })
  void what_is_no_answer_is_said_in_words_and_its_connection_is_not_used_again(String answer)
      throws Exception {
    try (var node = new RawNode((request, in, out) -> last(request, in, out, answer));
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer first = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(first.status()).isEqualTo(502);
      assertThat(first.text()).contains("node-1").doesNotContain("<html>");
      int connections = node.connections();
      RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(node.connections()).isGreaterThan(connections);
    }
  }

  @Test
  void what_connection_names_does_not_pass_from_a_connection_that_ends_either() throws Exception {
    String answer =
        "HTTP/1.1 401 No\nWWW-Authenticate: NTLM\nConnection: X-Secret\nX-Secret: 1\n\n";
    try (var node = new RawNode((request, in, out) -> last(request, in, out, answer));
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer heard = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(heard.status()).isEqualTo(401);
      assertThat(heard.values("X-Secret")).isEmpty();
    }
  }

  private static boolean last(
      RawNode.Heard request, InputStream in, OutputStream out, String answer) throws IOException {
    RawNode.body(request, in);
    write(out, answer);
    return false;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
