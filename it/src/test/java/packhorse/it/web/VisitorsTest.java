package packhorse.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Visitors of a pool of three nodes: each stays on one node.
@ExtendWith(LeakDetector.class)
final class VisitorsTest {
  private final List<WebNode> nodes =
      List.of(WebNode.start("one"), WebNode.start("two"), WebNode.start("three"));
  @TempDir Path folder = Path.of("");

  @AfterEach
  void stop() {
    nodes.forEach(WebNode::close);
  }

  private ProxyConfig config(String name) throws Exception {
    ProxyConfig config =
        ProxyConfig.in(Files.createDirectories(folder.resolve(name))).pool("storage: shared");
    config.pool("probe: none");
    config.node("one", nodes.get(0).url());
    config.node("two", nodes.get(1).url());
    return config.node("three", nodes.get(2).url());
  }

  @Test
  @Tag("counted")
  void a_visitor_stays_on_a_node_until_it_dies() throws Exception {
    try (var proxy = RunningProxy.start(config("a"))) {
      RawMessage first = get(proxy, "");
      String cookie = cookieOf(first);
      assertThat(first.header("Set-Cookie"))
          .singleElement()
          .asString()
          .matches("packhorse-[0-9a-z]+=[0-9a-z.]+; Path=/; HttpOnly; SameSite=Lax");
      String page = first.bodyText();
      for (int i = 0; i < TestProfile.pick(100, 1_000); i++) {
        RawMessage next = get(proxy, cookie);
        assertThat(next.bodyText()).isEqualTo(page);
        assertThat(next.header("Set-Cookie")).isEmpty();
      }
      nodeOf(page).close();
      RawMessage moved = get(proxy, cookie);
      assertThat(moved.status()).isEqualTo(200);
      assertThat(moved.bodyText()).isNotEqualTo(page);
      String movedCookie = cookieOf(moved);
      for (int i = 0; i < 20; i++) {
        assertThat(get(proxy, movedCookie).bodyText()).isEqualTo(moved.bodyText());
      }
    }
  }

  @Test
  void visitors_without_a_cookie_or_with_one_that_is_not_valid_take_turns() throws Exception {
    try (var proxy = RunningProxy.start(config("a"))) {
      for (String cookie : List.of("", "packhorse-x=forged", "packhorse-x=" + "x".repeat(12_000))) {
        Set<String> pages = new HashSet<>();
        for (int i = 0; i < 3; i++) pages.add(get(proxy, cookie).bodyText());
        assertThat(pages).hasSize(3);
      }
    }
  }

  @Test
  void no_node_is_sent_the_cookie() throws Exception {
    try (var proxy = RunningProxy.start(config("a"))) {
      String cookie = cookieOf(get(proxy, ""));
      RawMessage page = get(proxy, "a=1; " + cookie + "; b=2");
      assertThat(nodeOf(page.bodyText()).lastRequest().header("Cookie"))
          .containsExactly("a=1; b=2");
    }
  }

  @Test
  void no_node_is_sent_the_cookie_with_a_request_of_git() throws Exception {
    try (var proxy = RunningProxy.start(config("a"))) {
      String cookie = cookieOf(get(proxy, ""));
      try (var client = RawClient.connect(proxy.port("http"))) {
        client
            .send(
                "GET /a/b/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                        .formatted(proxy.port("http"))
                    + "Cookie: a=1; %s\r\n\r\n".formatted(cookie))
            .readResponse();
      }
      List<List<String>> cookies =
          nodes.stream()
              .flatMap(node -> node.requests().stream())
              .filter(request -> request.startLine().contains("info/refs"))
              .map(request -> request.header("Cookie"))
              .toList();
      assertThat(cookies).isNotEmpty().allMatch(List.of("a=1")::equals);
    }
  }

  @Test
  void two_proxies_with_one_key_accept_the_cookies_of_each_other() throws Exception {
    Path key = folder.resolve("key");
    Files.writeString(key, "0123456789abcdef0123456789abcdef\n");
    String state = "{ key: { file: \"" + key + "\" } }";
    try (var first = RunningProxy.start(config("a").section("state", state));
        var second = RunningProxy.start(config("b").section("state", state));
        var stranger = RunningProxy.start(config("c"))) {
      RawMessage page = get(first, "");
      for (int i = 0; i < 6; i++) {
        assertThat(get(second, cookieOf(page)).bodyText()).isEqualTo(page.bodyText());
      }
      assertThat(get(stranger, cookieOf(page)).header("Set-Cookie")).hasSize(1);
    }
  }

  @Test
  void the_key_is_made_once_and_for_the_proxy_alone() throws Exception {
    ProxyConfig config = config("a").section("state", "{ directory: state }");
    String cookie;
    String page;
    try (var proxy = RunningProxy.start(config)) {
      RawMessage first = get(proxy, "");
      cookie = cookieOf(first);
      page = first.bodyText();
    }
    Path key = folder.resolve("a/state/state-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    try (var proxy = RunningProxy.start(config)) {
      assertThat(get(proxy, cookie).bodyText()).isEqualTo(page);
    }
  }

  private WebNode nodeOf(String page) {
    return nodes.get(List.of("page of one", "page of two", "page of three").indexOf(page));
  }

  private static String cookieOf(RawMessage response) {
    String line = response.header("Set-Cookie").getLast();
    return line.substring(0, line.indexOf(';'));
  }

  private static RawMessage get(RunningProxy proxy, String cookie) {
    String line = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
    try (var client = RawClient.connect(proxy.port("http"))) {
      return client
          .send(
              "GET /user/login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n"
                  .formatted(proxy.port("http"), line))
          .readResponse()
          .orElseThrow();
    }
  }
}
