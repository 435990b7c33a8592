package packhorse.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Pages of one node: what the node hears and what the client hears.
@ExtendWith(LeakDetector.class)
final class PagesTest {
  @TempDir Path folder = Path.of("");
  private final WebNode node = WebNode.start("one");
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    proxy = RunningProxy.start(config());
  }

  private ProxyConfig config() {
    return ProxyConfig.in(folder).node("one", node.url());
  }

  private void restart(ProxyConfig config) {
    proxy.close();
    proxy = RunningProxy.start(config);
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/acme/app?tab=a%20b&x=1;2",
        "/acme%2Fapp//x;v=1/%7euser/%E2%82%AC/a+b|c",
        "/acme/app/issues/1?",
        "/.well-known/x"
      })
  void path_and_query_reach_the_node_byte_for_byte(String target) {
    assertThat(exchange("GET", target, "").bodyText()).isEqualTo("page of one");
    assertThat(node.lastRequest().startLine()).isEqualTo("GET " + target + " HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
  void every_method_is_relayed_with_its_body(String method) {
    String body = "a=1&b=%20";
    RawMessage response =
        exchange(
            method,
            "/acme/app/settings",
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n",
            body);
    assertThat(response.status()).isEqualTo(200);
    RawMessage request = node.lastRequest();
    assertThat(request.startLine()).isEqualTo(method + " /acme/app/settings HTTP/1.1");
    assertThat(request.bodyText()).isEqualTo(body);
    assertThat(request.header("Content-Length")).containsExactly("9");
  }

  @Test
  void a_request_that_may_change_something_is_never_repeated() {
    List<String> received = new CopyOnWriteArrayList<>();
    RecordingNode.Script script =
        connection -> {
          Optional<RawMessage> request = connection.readRequest();
          while (request.isPresent()) {
            String line = request.get().startLine();
            received.add(line);
            if (!line.startsWith("GET ")) return;
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            request = connection.readRequest();
          }
        };
    try (var closing = RecordingNode.start(script)) {
      restart(ProxyConfig.in(folder).node("one", closing.url()));
      for (String method : List.of("POST", "DELETE", "PUT")) {
        assertThat(exchange("GET", "/x", "").status()).isEqualTo(200);
        assertThat(exchange(method, "/x", "Content-Length: 0\r\n").status()).isEqualTo(502);
        assertThat(received.stream().filter(line -> line.startsWith(method))).hasSize(1);
      }
      proxy.close();
    }
  }

  @Test
  void a_request_without_a_body_that_may_change_something_has_a_length() {
    exchange("POST", "/user/logout", "");
    assertThat(node.lastRequest().header("Content-Length")).containsExactly("0");
    exchange("GET", "/x", "");
    assertThat(node.lastRequest().header("Content-Length")).isEmpty();
  }

  @Test
  void a_chunked_and_coded_body_is_relayed_unread() {
    exchange(
        "POST",
        "/upload",
        "Transfer-Encoding: chunked\r\nContent-Encoding: br\r\n",
        "5\r\nabcde\r\n0\r\n\r\n");
    assertThat(node.lastRequest().bodyText()).isEqualTo("abcde");
    assertThat(node.lastRequest().header("Content-Encoding")).containsExactly("br");
  }

  @Test
  void lines_of_the_connection_identity_and_way_are_set_afresh() {
    exchange(
        "GET",
        "/x",
        String.join(
            "\r\n",
            "Accept-Encoding: br, gzip",
            "X-Custom: 1",
            "X-Custom: 2",
            "Cookie: a=1; b=2",
            "X-WEBAUTH-USER: root",
            "X-Forwarded-For: 1.2.3.4",
            "Forwarded: for=1.2.3.4",
            "Connection: X-Hop",
            "X-Hop: 1",
            "Referer: http://x/",
            ""));
    RawMessage request = node.lastRequest();
    assertThat(request.header("Accept-Encoding")).containsExactly("br, gzip");
    assertThat(request.header("X-Custom")).containsExactly("1", "2");
    assertThat(request.header("Cookie")).containsExactly("a=1; b=2");
    assertThat(request.header("Referer")).containsExactly("http://x/");
    assertThat(request.header("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(request.header("X-Forwarded-Proto")).containsExactly("http");
    for (String removed : List.of("X-WEBAUTH-USER", "Forwarded", "X-Hop")) {
      assertThat(request.header(removed)).as(removed).isEmpty();
    }
  }

  @Test
  void status_and_lines_of_the_node_reach_the_client_in_their_order() {
    node.respondWith(
        "HTTP/1.1 404 Gone Fishing", "B: 2", "A: 1", "B: 3", "Set-Cookie: s=1; Path=/; HttpOnly");
    RawMessage response = exchange("GET", "/x", "");
    assertThat(response.head()).startsWith("HTTP/1.1 404 Gone Fishing\r\n");
    assertThat(response.head()).containsSubsequence("B: 2", "A: 1", "B: 3", "Set-Cookie: s=1;");
    assertThat(response.header("Set-Cookie")).containsExactly("s=1; Path=/; HttpOnly");
  }

  @Test
  void an_error_of_the_node_is_its_page() {
    node.respondWith("HTTP/1.1 500 Oops");
    RawMessage response = exchange("GET", "/x", "");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.bodyText()).isEqualTo("page of one");
    assertThat(node.requests()).hasSize(1);
  }

  @Test
  void redirects_and_cookies_of_the_node_are_put_under_the_name_that_was_called() {
    node.respondWith(
        "HTTP/1.1 302 Found",
        "Location: " + node.url() + "/user/login",
        "Set-Cookie: a=1; Domain=127.0.0.1; Path=/",
        "Set-Cookie: b=1; domain=node.internal; Path=/; Secure; SameSite=Lax");
    RawMessage response = exchange("GET", "/x", "");
    assertThat(response.header("Location")).containsExactly(proxy.httpUrl() + "/user/login");
    assertThat(response.header("Set-Cookie"))
        .containsExactly("a=1; Domain=127.0.0.1; Path=/", "b=1; Path=/; SameSite=Lax");
  }

  @Test
  void a_head_request_gets_the_length_and_no_body() {
    RawMessage get = exchange("GET", "/x", "");
    try (var client = RawClient.connect(proxy.port("http"))) {
      String head = client.send(request("HEAD", "/x", "Connection: close\r\n")).readAllText();
      assertThat(head).contains("Content-Length: " + get.body().length).endsWith("\r\n\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "//x/acme/app, two slashes",
    "//x/-/metrics, two slashes",
    "/a/../b, a dot segment",
    "/a/%2e%2e/b, a dot segment",
    "/a%0ab, a control character",
    "/acme/app.git/git-Receive-Pack, not a request of git"
  })
  void a_path_that_could_lead_elsewhere_reaches_no_node(String path, String message) {
    RawMessage response = exchange("GET", path, "");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.bodyText()).contains(message).contains("(decision ");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void what_only_an_operator_may_see_reaches_no_node() {
    for (String path : List.of("/debug/pprof/heap", "/-/metrics", "/%4detrics", "/urlmap.json")) {
      assertThat(exchange("GET", path, "").status()).as(path).isEqualTo(404);
    }
    RawMessage hook = exchange("GET", "/acme/app/tasks/trigger?secret=x", "");
    assertThat(hook.status()).isEqualTo(403);
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void an_upload_over_the_limit_is_refused() {
    restart(config().section("limits", "{ upload: 1KiB }"));
    String told = "Content-Length: 1025\r\n";
    RawMessage response = exchange("POST", "/upload", told, "x".repeat(1025));
    assertThat(response.status()).isEqualTo(413);
    assertThat(response.bodyText()).contains("the upload is larger than the limit of 1024 bytes");
    assertThat(node.requests()).isEmpty();
    String chunked = "Transfer-Encoding: chunked\r\n";
    String body = "1000\r\n" + "x".repeat(0x1000) + "\r\n0\r\n\r\n";
    assertThat(exchange("POST", "/upload", chunked, body).status()).isEqualTo(413);
    assertThat(exchange("POST", "/upload", "Content-Length: 1024\r\n", "x".repeat(1024)).status())
        .isEqualTo(200);
    assertThat(node.requests()).hasSize(1);
  }

  @Test
  void rules_and_read_only_placements_apply_to_the_repository_of_a_page() {
    restart(
        config()
            .section(
                "policy",
                "[ { deny: [ all ], repositories: [ \"secret/**\" ], because: \"not for you\" },"
                    + " { allow: [ all ] } ]")
            .section(
                "placement",
                "[ { match: \"archive/**\", pool: nodes, read-only: \"it is frozen\" } ]"));
    assertThat(exchange("GET", "/secret/app/tree", "").bodyText()).contains("not for you");
    assertThat(exchange("GET", "/secret%2Fapp", "").status()).isEqualTo(403);
    assertThat(exchange("POST", "/archive/app/edit", "Content-Length: 0\r\n").bodyText())
        .contains("it is frozen");
    assertThat(node.requests()).isEmpty();
    assertThat(exchange("GET", "/archive/app", "").status()).isEqualTo(200);
    assertThat(exchange("GET", "/acme/app", "").status()).isEqualTo(200);
  }

  @Test
  void a_record_says_which_page_was_asked_for_and_not_its_query() {
    exchange("GET", "/acme/app?token=secret", "");
    proxy.stop(Duration.ZERO);
    assertThat(proxy.auditRecords())
        .singleElement()
        .asString()
        .contains("\"method\":\"GET\"", "\"path\":\"/acme/app\"", "\"answer\":\"page\"")
        .doesNotContain("secret");
  }

  private RawMessage exchange(String method, String target, String lines, String... body) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      String text = String.join("", Stream.of(body).toList());
      return client.send(request(method, target, lines) + text).readResponse().orElseThrow();
    }
  }

  private String request(String method, String target, String lines) {
    return "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n"
        .formatted(method, target, proxy.port("http"), lines);
  }
}
