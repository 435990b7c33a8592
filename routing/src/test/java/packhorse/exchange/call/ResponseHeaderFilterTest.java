package packhorse.exchange.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.Node;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedNodeRequest;
import packhorse.node.WaitListener;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Headers of a node's response are forwarded, except those that belong to its connection.
final class ResponseHeaderFilterTest {

  private static Headers filterAt(String nodeUrl, String siteUrl, String... lines)
      throws Exception {
    RequestFixture fixture = RequestFixture.fetch().siteUrl(siteUrl);
    Node node = new Node("a", "main", URI.create(nodeUrl), 1);
    ScriptedLink link = new ScriptedLink().script("a", ScriptedLink.responds(200, "", lines));
    try (NodeResponse response =
        link.send(
            new PermittedNodeRequest(fixture.permit(), node, request()), WaitListener.none())) {
      return ResponseHeaderFilter.forClient(response, fixture.placement());
    }
  }

  private static NodeRequest request() {
    return NodeRequest.withoutBody("GET", "/", "code.test", Headers.empty());
  }

  private static Headers filter(String... lines) throws Exception {
    return filterAt("http://10.0.0.11:3000", "https://code.test", lines);
  }

  private static String location(String nodeUrl, String siteUrl, String location) throws Exception {
    return filterAt(nodeUrl, siteUrl, "Location: " + location).firstValue("Location").orElseThrow();
  }

  @Test
  void headers_keep_their_order_case_and_number() throws Exception {
    String[] lines = {"Set-Cookie: a", "cache-control: no-cache", "Set-Cookie: b", "X: "};
    assertThat(filter(lines).lines())
        .containsExactly(
            new Header("Set-Cookie", "a"),
            new Header("cache-control", "no-cache"),
            new Header("Set-Cookie", "b"),
            new Header("X", ""));
  }

  @Test
  void hop_by_hop_headers_and_those_named_by_connection_are_dropped() throws Exception {
    Headers headers =
        filter(
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
  void a_challenge_that_binds_authentication_to_the_connection_is_dropped(
      String challenges, String forwarded) throws Exception {
    assertThat(filter("WWW-Authenticate: " + challenges).allValues("WWW-Authenticate"))
        .containsExactly(forwarded);
  }

  @Test
  void ntlm_and_kerberos_in_headers_of_their_own_are_dropped() throws Exception {
    Headers headers =
        filter(
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
  void a_redirect_is_rewritten_to_the_public_name(String fromNode, String toClient)
      throws Exception {
    assertThat(location("http://10.0.0.11:3000", "https://code.test", fromNode))
        .isEqualTo(toClient);
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
  void a_redirect_is_rewritten_with_the_prefix_of_the_node_and_the_port_of_the_site(
      String fromNode, String toClient) throws Exception {
    assertThat(location("https://node.test/git", "https://lab.test:8443", fromNode))
        .isEqualTo(toClient);
    assertThat(location("https://node.test/git/", "https://lab.test:8443", fromNode))
        .isEqualTo(toClient);
  }
}
