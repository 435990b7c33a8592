package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a node hears of a client's head.
final class HeadersToNodeTest {
  private RawNode node;
  private TestProxy proxy;

  @BeforeEach
  void started() throws Exception {
    node = RawNode.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    proxy = TestProxy.before(node.uri());
  }

  @AfterEach
  void stopped() throws Exception {
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
  void a_header_that_could_say_who_somebody_is_does_not_pass(String name) throws IOException {
    ask(name + ": root", name + ": root");
    assertThat(heard().head()).noneMatch(line -> line.contains("root"));
  }

  @Test
  void what_a_client_says_of_the_way_is_replaced() throws IOException {
    ask("X-Forwarded-For: 1.2.3.4", "X-Real-IP: 1.2.3.4", "X-Forwarded-Proto: https");
    assertThat(heard().values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(heard().values("X-Real-IP")).containsExactly("127.0.0.1");
    assertThat(heard().values("X-Forwarded-Proto")).containsExactly("http");
  }

  @Test
  void what_connection_names_does_not_pass_and_what_is_ours_stays() throws IOException {
    ask("Connection: X-Secret, X-Forwarded-For, X-Request-Id", "X-Secret: 1", "X-Kept: 2");
    assertThat(heard().values("X-Secret")).isEmpty();
    assertThat(heard().values("X-Kept")).containsExactly("2");
    assertThat(heard().values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(heard().values("X-Request-Id")).hasSize(1);
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
  void the_version_that_a_node_hears_is_written_anew(String said, String heard) throws IOException {
    ask("Git-Protocol: " + said);
    List<String> expected = heard.isEmpty() ? List.of() : List.of(heard);
    assertThat(heard().values("Git-Protocol")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "CODE.TEST, code.test",
    "code.test., code.test",
    "code.test:80, code.test",
    "Lab.test:8443, lab.test:8443"
  })
  void a_site_has_one_spelling_whatever_the_client_calls_it(String said, String heard)
      throws IOException {
    String request = RawClient.get(RawClient.REFS).replace("code.test", said);
    assertThat(RawClient.ask(proxy.port(), request).status()).isEqualTo(200);
    assertThat(heard().values("Host")).containsExactly(heard);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.test", "code.test:81", "127.0.0.1", "code.test@evil.test", "[::1]"})
  void a_name_that_is_no_site_is_refused(String name) throws IOException {
    String request = RawClient.get(RawClient.REFS).replace("code.test", name);
    assertThat(RawClient.ask(proxy.port(), request).status()).isIn(400, 421);
    assertThat(node.heard()).isEmpty();
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
  void we_are_no_open_proxy(String line) throws IOException {
    assertThat(RawClient.ask(proxy.port(), RawClient.request(line)).status()).isBetween(400, 499);
    assertThat(node.heard()).isEmpty();
  }

  @Test
  void an_absolute_url_of_our_own_is_taken() throws IOException {
    String line = "GET http://code.test" + RawClient.REFS + " HTTP/1.1";
    assertThat(RawClient.ask(proxy.port(), RawClient.request(line)).status()).isEqualTo(200);
    assertThat(heard().line()).isEqualTo("GET " + RawClient.REFS + " HTTP/1.1");
  }

  @Test
  void a_password_with_a_colon_and_an_umlaut_passes_as_it_came() throws IOException {
    ask("Authorization: Basic YWxAZXgub3JnOnA6d8OkKw==");
    assertThat(heard().values("Authorization")).containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
  }

  @Test
  void what_negotiate_proves_on_a_connection_is_never_anothers() throws IOException {
    ask();
    ask("Authorization: Negotiate YIIB");
    ask("Authorization: negotiate YIIC");
    ask();
    assertThat(node.heard().get(1).values("Authorization")).containsExactly("Negotiate YIIB");
    assertThat(node.heard().get(2).values("Authorization")).containsExactly("negotiate YIIC");
    assertThat(node.heard()).extracting(RawNode.Heard::connection).containsExactly(1, 2, 3, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NTLM TlRMTVNTUAABAAAA", "kerberos YIIB"})
  void a_credential_that_takes_several_requests_is_asked_for_as_a_password(String credential)
      throws IOException {
    RawClient.Answer answer =
        RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS, "Authorization: " + credential));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.values("WWW-Authenticate")).containsExactly("Basic realm=\"Packhorse\"");
    assertThat(node.heard()).isEmpty();
  }

  private void ask(String... lines) throws IOException {
    RawClient.Answer answer = RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS, lines));
    assertThat(answer.status()).isEqualTo(200);
  }

  private RawNode.Heard heard() {
    return node.heard().getFirst();
  }
}
