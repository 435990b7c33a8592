package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// The heads of clients' requests as a node receives them.
final class RequestHeadersTest {
  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = RawNode.respondingWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    proxy = TestProxy.inFrontOf(node.uri());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-WEBAUTH-USER",
        "X_WEBAUTH_USER",
        "x-webauth-user",
        "X-Forwarded-User",
        "X-Forwarded_For",
        "Remote-User",
        "REMOTE_USER",
        "X-Gitlab-Token",
        "Gitlab-Shell-Api-Request",
        "Gitlab-Workhorse-Proxy",
        "Content_Length",
        "X-HTTP-Method-Override",
        "Forwarded",
        "Sudo",
        "Private-Token"
      })
  void a_header_that_could_identify_a_user_is_removed(String name) throws IOException {
    exchange(name + ": root", name + ": root");
    assertThat(received().head()).noneMatch(line -> line.contains("root"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Proxy",
        "proxy",
        "HTTP-Proxy",
        "All_Proxy",
        "Proxy-User",
        "Script-Name",
        "X-Script-Name",
        "Path-Info",
        "Https",
        "X-Url-Scheme",
        "Version",
        "X-Original-Host",
        "X-Sendfile-Type",
        "X-Accel-Mapping",
        "Client-Cert",
        "X-Client-Verify",
        "Git_Protocol",
        "Content_Encoding"
      })
  void a_header_by_which_a_cgi_node_could_be_configured_is_removed(String name) throws IOException {
    exchange(name + ": evil", name + ": evil");
    assertThat(received().head()).noneMatch(line -> line.contains("evil"));
  }

  @Test
  void a_value_that_a_shell_could_take_for_a_function_is_removed() throws IOException {
    exchange("X-Kept: 1", "User-Agent: () { :; }; evil", "X-Odd: () { evil");
    assertThat(received().head()).noneMatch(line -> line.contains("evil"));
    assertThat(received().values("X-Kept")).containsExactly("1");
  }

  @Test
  void forwarding_headers_of_a_client_are_replaced() throws IOException {
    exchange("X-Forwarded-For: 1.2.3.4", "X-Real-IP: 1.2.3.4", "X-Forwarded-Proto: https");
    assertThat(received().values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(received().values("X-Real-IP")).containsExactly("127.0.0.1");
    assertThat(received().values("X-Forwarded-Proto")).containsExactly("http");
  }

  @Test
  void headers_named_in_connection_are_removed_except_the_proxys_own() throws IOException {
    exchange("Connection: X-Secret, X-Forwarded-For, X-Request-Id", "X-Secret: 1", "X-Kept: 2");
    assertThat(received().values("X-Secret")).isEmpty();
    assertThat(received().values("X-Kept")).containsExactly("2");
    assertThat(received().values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(received().values("X-Request-Id")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "version=2, version=2",
    "version=1, version=1",
    "version=0, ''",
    "version=2:x=y, version=2",
    "version=1:version=2, version=2",
    "nonsense, ''"
  })
  void the_protocol_version_is_normalized_for_the_node(String sent, String expected)
      throws IOException {
    exchange("Git-Protocol: " + sent);
    List<String> values = expected.isEmpty() ? List.of() : List.of(expected);
    assertThat(received().values("Git-Protocol")).isEqualTo(values);
  }

  @ParameterizedTest
  @CsvSource({
    "CODE.TEST, code.test",
    "code.test., code.test",
    "code.test:80, code.test",
    "Lab.test:8443, lab.test:8443"
  })
  void the_host_is_normalized_for_the_node(String sent, String expected) throws IOException {
    String request = RawClient.get(RawClient.REFS).replace("code.test", sent);
    assertThat(RawClient.exchange(proxy.port(), request).status()).isEqualTo(200);
    assertThat(received().values("Host")).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.test", "code.test:81", "127.0.0.1", "code.test@evil.test", "[::1]"})
  void a_host_that_is_not_a_site_is_refused(String name) throws IOException {
    String request = RawClient.get(RawClient.REFS).replace("code.test", name);
    assertThat(RawClient.exchange(proxy.port(), request).status()).isIn(400, 421);
    assertThat(node.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+80", "080", "0080", "+8443", "-80", "0", "00", " 80", "8_0", "80x", "99999"})
  void a_port_in_an_unusual_spelling_is_refused(String port) throws IOException {
    List<String> requests =
        List.of(
            RawClient.get(RawClient.REFS).replace("code.test", "code.test:" + port),
            RawClient.request("GET http://code.test:" + port + RawClient.REFS + " HTTP/1.1"),
            RawClient.request("GET http://code.test:" + port + "/acme/app.git/HEAD HTTP/1.1")
                .replace("Host: code.test", "Host: code.test:" + port));
    for (String request : requests) {
      assertThat(RawClient.exchange(proxy.port(), request).status()).as(request).isEqualTo(400);
    }
    assertThat(node.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://169.254.169.254/ HTTP/1.1",
        "GET http://evil.test/acme/app.git/info/refs?service=git-upload-pack HTTP/1.1",
        "CONNECT 127.0.0.1:22 HTTP/1.1",
        "GET //evil.test/acme/app.git/info/refs?service=git-upload-pack HTTP/1.1",
        "GET /acme/app.git/info/refs?service=git-upload-pack#x HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET * HTTP/1.1"
      })
  void requests_to_an_open_proxy_are_refused(String line) throws IOException {
    assertThat(RawClient.exchange(proxy.port(), RawClient.request(line)).status())
        .isBetween(400, 499);
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void an_absolute_url_of_a_site_is_accepted() throws IOException {
    String line = "GET http://code.test" + RawClient.REFS + " HTTP/1.1";
    assertThat(RawClient.exchange(proxy.port(), RawClient.request(line)).status()).isEqualTo(200);
    assertThat(received().requestLine()).isEqualTo("GET " + RawClient.REFS + " HTTP/1.1");
  }

  @Test
  void a_password_with_a_colon_and_an_umlaut_is_relayed_unchanged() throws IOException {
    exchange("Authorization: Basic YWxAZXgub3JnOnA6d8OkKw==");
    assertThat(received().values("Authorization"))
        .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
  }

  @Test
  void a_connection_on_which_negotiate_was_used_is_not_reused() throws IOException {
    exchange();
    exchange("Authorization: Negotiate YIIB");
    exchange("Authorization: negotiate YIIC");
    exchange();
    assertThat(node.requests().get(1).values("Authorization")).containsExactly("Negotiate YIIB");
    assertThat(node.requests().get(2).values("Authorization")).containsExactly("negotiate YIIC");
    assertThat(node.requests())
        .extracting(RawNode.ReceivedRequest::connection)
        .containsExactly(1, 2, 3, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NTLM TlRMTVNTUAABAAAA", "kerberos YIIB"})
  void a_credential_that_needs_several_requests_is_answered_with_a_basic_challenge(
      String credential) throws IOException {
    RawClient.Response response =
        RawClient.exchange(
            proxy.port(), RawClient.get(RawClient.REFS, "Authorization: " + credential));
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.values("WWW-Authenticate")).containsExactly("Basic realm=\"Packhorse\"");
    assertThat(node.requests()).isEmpty();
  }

  private void exchange(String... lines) throws IOException {
    RawClient.Response response =
        RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS, lines));
    assertThat(response.status()).isEqualTo(200);
  }

  private RawNode.ReceivedRequest received() {
    return node.requests().getFirst();
  }
}
