package packhorse.http.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// Threat H8: response heads of nodes that two programs could read differently.
final class RawResponseHeadTest {
  // Such a node is part of git's own test suite.
  @Test
  void a_head_with_bare_line_feeds_and_a_folded_challenge_is_accepted() throws Exception {
    String nodeResponse = "HTTP/1.1 401 No\nX: 1\nWWW-Authenticate: Basic\r\n realm=\"a\"\n\n0000";
    try (var node =
            new RawNode((request, in, out) -> respondAndClose(request, in, out, nodeResponse));
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.values("WWW-Authenticate")).containsExactly("Basic realm=\"a\"");
      assertThat(response.text()).isEqualTo("0000");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 1000})
  void a_challenge_that_is_folded_around_a_blank_line_stays_complete_however_it_is_split(
      int pieceSize) throws Exception {
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
    String nodeResponse = "HTTP/1.1 401 No\n" + challenges.replace("\n", "\r\n") + "\n";
    try (var node =
            new RawNode((request, in, out) -> {
              for (int i = 0; i < nodeResponse.length(); i += pieceSize) {
                write(
                    out, nodeResponse.substring(i, Math.min(i + pieceSize, nodeResponse.length())));
              }
              return false;
            });
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(response.values("WWW-Authenticate"))
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
  void a_head_after_which_more_bytes_could_come_ends_its_connection(String nodeResponse)
      throws Exception {
    try (var node =
            new RawNode((request, in, out) -> {
              write(out, nodeResponse);
              return !nodeResponse.contains("200");
            });
        var proxy = TestProxy.inFrontOf(node.uri())) {
      for (int i = 1; i <= 4; i++) {
        RawClient.exchange(proxy.port(), RawClient.get("/acme/app.git/HEAD"));
        // Jetty may have opened one more connection in advance.
        assertThat(node.requests())
            .extracting(RawNode.ReceivedRequest::connection)
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
  void an_invalid_response_is_an_error_and_its_connection_is_not_reused(String nodeResponse)
      throws Exception {
    try (var node =
            new RawNode((request, in, out) -> respondAndClose(request, in, out, nodeResponse));
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response first = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(first.status()).isEqualTo(502);
      assertThat(first.text()).contains("node-1").doesNotContain("<html>");
      int connections = node.connectionCount();
      RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(node.connectionCount()).isGreaterThan(connections);
    }
  }

  @Test
  void headers_named_in_connection_are_removed_also_if_the_connection_ends() throws Exception {
    String nodeResponse =
        "HTTP/1.1 401 No\nWWW-Authenticate: NTLM\nConnection: X-Secret\nX-Secret: 1\n\n";
    try (var node =
            new RawNode((request, in, out) -> respondAndClose(request, in, out, nodeResponse));
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.values("X-Secret")).isEmpty();
    }
  }

  private static boolean respondAndClose(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out, String nodeResponse)
      throws IOException {
    RawNode.readBody(request, in);
    write(out, nodeResponse);
    return false;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
