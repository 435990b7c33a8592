package packhorse.http.front;

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
import packhorse.http.connector.FrontSettings;
import packhorse.http.kit.Git;
import packhorse.http.kit.GitNode;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// Clients other than git, and git with the dumb protocol.
final class OtherClientsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String FETCH = "application/x-git-upload-pack-request";

  @TempDir private Path folder;

  @Test
  void files_of_a_repository_are_relayed_if_the_pool_serves_them() throws Exception {
    Git git = new Git(folder);
    Path bare = folder.resolve("repos/acme/app.git");
    git.repository(bare, 3);
    git.run(bare, "update-server-info").expectSuccess();
    try (var node = new GitNode(folder.resolve("repos"));
        var proxy = TestProxy.inFrontOf(node.uri())) {
      RawClient.Response head =
          RawClient.exchange(proxy.port(), RawClient.get("/acme/app.git/HEAD"));
      assertThat(head.text()).isEqualTo("ref: refs/heads/main\n");
      RawClient.Response refs =
          RawClient.exchange(proxy.port(), RawClient.get("/acme/app.git/info/refs"));
      assertThat(refs.text()).contains("refs/heads/main");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RawClient.REFS, "/acme/app.git/git-upload-pack"})
  void the_preflight_request_of_a_browser_goes_to_the_node(String path) throws Exception {
    String allowed = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n";
    try (var node = RawNode.respondingWith(allowed);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      String request =
          RawClient.request(
              "OPTIONS " + path + " HTTP/1.1",
              "Origin: https://editor.test",
              "Access-Control-Request-Method: POST");
      RawClient.Response response = RawClient.exchange(proxy.port(), request);
      assertThat(response.status()).isEqualTo(204);
      assertThat(response.values("Access-Control-Allow-Origin")).containsExactly("*");
      assertThat(node.requests().getFirst().requestLine()).startsWith("OPTIONS /acme/app.git/");
      assertThat(node.requests().getFirst().values("Origin"))
          .containsExactly("https://editor.test");
    }
  }

  @Test
  void the_query_of_a_post_is_removed() throws Exception {
    try (var node = RawNode.respondingWith(OK);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      String path = "/acme/app.git/git-upload-pack?service=git-receive-pack";
      RawClient.exchange(proxy.port(), RawClient.post(path, FETCH, "0000"));
      assertThat(node.requests().getFirst().requestLine())
          .isEqualTo("POST /acme/app.git/git-upload-pack HTTP/1.1");
    }
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    try (var node = RawNode.respondingWith(OK);
        var proxy = TestProxy.inFrontOf(node.uri());
        var client = new RawClient(proxy.port())) {
      String refused = RawClient.get(RawClient.REFS, "Authorization: NTLM x");
      String valid = RawClient.get(RawClient.REFS);
      String post = RawClient.post("/acme/app.git/git-upload-pack", FETCH, "0000");
      client.send(refused + valid + post + refused + valid);
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 5; i++) statuses.add(client.readResponse().status());
      assertThat(statuses).containsExactly(401, 200, 200, 401, 200);
      assertThat(node.requests()).hasSize(3);
    }
  }

  @Test
  void no_more_connections_are_accepted_than_allowed() throws Exception {
    var settings =
        new FrontSettings(
            Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(30), 3);
    try (var node = RawNode.respondingWith(OK);
        var proxy = new TestProxy(TestProxy.Options.defaults().with(settings), node.uri())) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        var client = new RawClient(proxy.port());
        clients.add(client);
        client.send(RawClient.get(RawClient.REFS));
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
      try (var additional = new RawClient(proxy.port())) {
        additional.send(RawClient.get(RawClient.REFS));
        assertThat(additional.receivesWithin(Duration.ofMillis(500))).isFalse();
        // It waits or is closed. When other clients leave, connections are accepted again.
        for (RawClient client : clients) client.close();
        assertThat(isServed(proxy.port())).isTrue();
      }
    }
  }

  private static boolean isServed(int port) throws IOException {
    for (int i = 0; i < 50; i++) {
      if (RawClient.exchange(port, RawClient.get(RawClient.REFS)).status() == 200) return true;
    }
    return false;
  }
}
