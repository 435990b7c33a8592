package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that are not git, or git in its older ways.
final class ClientsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String FETCH = "application/x-git-upload-pack-request";

  @TempDir private Path folder;

  @Test
  void files_of_a_repository_are_relayed_where_the_pool_serves_them() throws Exception {
    Git git = new Git(folder);
    Path bare = folder.resolve("repos/acme/app.git");
    git.repository(bare, 3);
    git.run(bare, "update-server-info").well();
    try (var node = new GitNode(folder.resolve("repos"));
        var proxy = TestProxy.before(node.uri())) {
      RawClient.Answer head = RawClient.ask(proxy.port(), RawClient.get("/acme/app.git/HEAD"));
      assertThat(head.text()).isEqualTo("ref: refs/heads/main\n");
      RawClient.Answer refs = RawClient.ask(proxy.port(), RawClient.get("/acme/app.git/info/refs"));
      assertThat(refs.text()).contains("refs/heads/main");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RawClient.REFS, "/acme/app.git/git-upload-pack"})
  void a_browsers_preflight_goes_to_the_node(String path) throws Exception {
    String allowed = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n";
    try (var node = RawNode.answering(allowed);
        var proxy = TestProxy.before(node.uri())) {
      String request =
          RawClient.request(
              "OPTIONS " + path + " HTTP/1.1",
              "Origin: https://editor.test",
              "Access-Control-Request-Method: POST");
      RawClient.Answer answer = RawClient.ask(proxy.port(), request);
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.values("Access-Control-Allow-Origin")).containsExactly("*");
      assertThat(node.heard().getFirst().line()).startsWith("OPTIONS /acme/app.git/");
      assertThat(node.heard().getFirst().values("Origin")).containsExactly("https://editor.test");
    }
  }

  @Test
  void the_query_of_a_post_is_dropped() throws Exception {
    try (var node = RawNode.answering(OK);
        var proxy = TestProxy.before(node.uri())) {
      String path = "/acme/app.git/git-upload-pack?service=git-receive-pack";
      RawClient.ask(proxy.port(), RawClient.post(path, FETCH, "0000"));
      assertThat(node.heard().getFirst().line())
          .isEqualTo("POST /acme/app.git/git-upload-pack HTTP/1.1");
    }
  }

  @Test
  void requests_sent_ahead_are_answered_in_their_order() throws Exception {
    try (var node = RawNode.answering(OK);
        var proxy = TestProxy.before(node.uri());
        var client = new RawClient(proxy.port())) {
      String refused = RawClient.get(RawClient.REFS, "Authorization: NTLM x");
      String good = RawClient.get(RawClient.REFS);
      String post = RawClient.post("/acme/app.git/git-upload-pack", FETCH, "0000");
      client.send(refused + good + post + refused + good);
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 5; i++) statuses.add(client.answer().status());
      assertThat(statuses).containsExactly(401, 200, 200, 401, 200);
      assertThat(node.heard()).hasSize(3);
    }
  }

  @Test
  void no_more_connections_are_taken_than_allowed() throws Exception {
    var settings =
        new FrontSettings(
            Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30), 3);
    try (var node = RawNode.answering(OK);
        var proxy = new TestProxy(TestProxy.Setting.usual().with(settings), node.uri())) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        var client = new RawClient(proxy.port());
        clients.add(client);
        client.send(RawClient.get(RawClient.REFS));
        assertThat(client.answer().status()).isEqualTo(200);
      }
      try (var late = new RawClient(proxy.port())) {
        late.send(RawClient.get(RawClient.REFS));
        assertThat(late.answersWithin(Duration.ofMillis(500))).isFalse();
        // it waits its turn, or is closed; when others go there is room again
        for (RawClient client : clients) client.close();
        assertThat(served(proxy.port())).isTrue();
      }
    }
  }

  private static boolean served(int port) throws IOException {
    for (int i = 0; i < 50; i++) {
      if (RawClient.ask(port, RawClient.get(RawClient.REFS)).status() == 200) return true;
    }
    return false;
  }
}
