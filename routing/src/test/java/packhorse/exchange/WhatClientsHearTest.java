package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.kit.Sample;
import packhorse.kit.ScriptedLink;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.PermittedCall;
import packhorse.node.Silence;
import packhorse.request.Header;
import packhorse.request.Headers;

/// What a client hears from a node is the node's, less what ends with the connection.
final class WhatClientsHearTest {

  private static Headers heard(String nodeUrl, URI calledAs, String... lines) throws Exception {
    Sample sample = Sample.fetch();
    Node node = new Node("a", "main", URI.create(nodeUrl), 1);
    ScriptedLink link = new ScriptedLink().script("a", ScriptedLink.answers(200, "", lines));
    try (NodeAnswer answer =
        link.ask(new PermittedCall(sample.permit(), node, call()), Silence.borne())) {
      return NodeHeaders.forClient(answer, calledAs);
    }
  }

  private static packhorse.node.NodeCall call() {
    return packhorse.node.NodeCall.get("GET", "/", "code.test", Headers.none());
  }

  private static Headers heard(String... lines) throws Exception {
    return heard("http://10.0.0.11:3000", URI.create("https://code.test"), lines);
  }

  private static String location(String node, String calledAs, String location) throws Exception {
    return heard(node, URI.create(calledAs), "Location: " + location)
        .first("Location")
        .orElseThrow();
  }

  @Test
  void lines_keep_their_order_their_case_and_their_number() throws Exception {
    String[] lines = {"Set-Cookie: a", "cache-control: no-cache", "Set-Cookie: b", "X: "};
    assertThat(heard(lines).lines())
        .containsExactly(
            new Header("Set-Cookie", "a"),
            new Header("cache-control", "no-cache"),
            new Header("Set-Cookie", "b"),
            new Header("X", ""));
  }

  // H9
  @Test
  void hop_by_hop_lines_and_those_that_connection_names_end_here() throws Exception {
    Headers headers =
        heard(
            "Connection: keep-alive, X-Secret",
            "Keep-Alive: timeout=5",
            "Upgrade: h2,h2c",
            "Proxy-Authenticate: Basic",
            "Proxy-Connection: x",
            "Transfer-Encoding: chunked",
            "Trailer: X-T",
            "TE: trailers",
            "x-secret: 1",
            "Content-Length: 3");
    assertThat(headers.lines()).containsExactly(new Header("Content-Length", "3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Basic realm=\"x\" | Basic realm=\"x\"",
        "Basic realm=\"x, NTLM\", charset=\"UTF-8\" | Basic realm=\"x, NTLM\", charset=\"UTF-8\"",
        "NTLM, Basic realm=\"x\" | Basic realm=\"x\"",
        "Negotiate, Basic realm=\"x\" | Negotiate, Basic realm=\"x\"",
        "Basic realm=\"x\", NTLM | Basic realm=\"x\"",
        "Basic realm=\"a\\\"b, c\", charset=\"UTF-8\", NTLM YWJj==, Bearer realm=\"y\","
            + " error=\"z\" | Basic realm=\"a\\\"b, c\", charset=\"UTF-8\", Bearer realm=\"y\","
            + " error=\"z\"",
        "Bearer | Bearer",
        "ntlmv2 realm=\"x\" | ntlmv2 realm=\"x\""
      })
  void a_challenge_that_takes_several_requests_on_a_connection_is_not_offered(
      String line, String kept) throws Exception {
    assertThat(heard("WWW-Authenticate: " + line).all("WWW-Authenticate")).containsExactly(kept);
  }

  @Test
  void ntlm_and_kerberos_on_lines_of_their_own_are_dropped() throws Exception {
    Headers headers =
        heard(
            "WWW-Authenticate: Kerberos",
            "www-authenticate: NTLM",
            "WWW-Authenticate: NTLM, kerberos abc=",
            "WWW-Authenticate: Basic realm=\"x\"");
    assertThat(headers.lines())
        .containsExactly(new Header("WWW-Authenticate", "Basic realm=\"x\""));
  }

  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.11:3000/acme/new.git/info/refs?service=git-upload-pack,"
        + " https://code.test/acme/new.git/info/refs?service=git-upload-pack",
    "HTTP://10.0.0.11:3000/x, https://code.test/x",
    "http://10.0.0.11:3000, https://code.test",
    "//10.0.0.11:3000/x, https://code.test/x",
    "http://code.test/acme/new.git, https://code.test/acme/new.git",
    "https://code.test/acme/new.git, https://code.test/acme/new.git",
    "/acme/new.git, /acme/new.git",
    "new.git, new.git",
    "http://10.0.0.11:30001/x, http://10.0.0.11:30001/x",
    "http://10.0.0.11/x, http://10.0.0.11/x",
    "https://elsewhere.test/x, https://elsewhere.test/x",
    "https://code.test.evil.test/x, https://code.test.evil.test/x"
  })
  void a_redirect_is_put_under_the_public_name(String said, String heard) throws Exception {
    assertThat(location("http://10.0.0.11:3000", "https://code.test", said)).isEqualTo(heard);
  }

  @ParameterizedTest
  @CsvSource({
    "https://node.test/git/acme/new.git, https://lab.test:8443/acme/new.git",
    "https://node.test:443/git/acme/new.git, https://lab.test:8443/acme/new.git",
    "/git/acme/new.git?x=1, /acme/new.git?x=1",
    "/gitx/y, /gitx/y",
    "https://node.test/gitx/y, https://lab.test:8443/gitx/y",
    "http://lab.test:8443/git/acme/new.git, https://lab.test:8443/acme/new.git"
  })
  void the_prefix_of_a_node_and_the_port_of_a_site_are_the_right_ones(String said, String heard)
      throws Exception {
    assertThat(location("https://node.test/git", "https://lab.test:8443", said)).isEqualTo(heard);
    assertThat(location("https://node.test/git/", "https://lab.test:8443", said)).isEqualTo(heard);
  }
}
