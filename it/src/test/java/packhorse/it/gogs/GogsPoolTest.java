package packhorse.it.gogs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.GogsRules;
import packhorse.it.kit.node.GogsRules.Rights;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Git over HTTP in front of two nodes of kind gogs that share a disk.
@ExtendWith(LeakDetector.class)
final class GogsPoolTest {
  private static final Map<String, String> PASSWORDS = Map.of("ann", "a1", "bob", "b1");
  private static final Map<String, Rights> RIGHTS =
      Map.of(
          "acme/app", new Rights(true, Set.of(), Set.of("ann")),
          "acme/secret", new Rights(false, Set.of("bob"), Set.of("ann")));
  private static final String TOKEN = "f".repeat(40);
  private static final Map<String, String> TOKENS = Map.of(TOKEN, "bob");
  private static final GogsRules RULES = new GogsRules(PASSWORDS, TOKENS, RIGHTS, true);
  private static final GogsRules NO_DATABASE = new GogsRules(PASSWORDS, TOKENS, RIGHTS, false);
  private static final String EMPTY_LIST = "001e# service=git-upload-pack\n0000";

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode firstNode;
  private final PlainNode secondNode;
  private RunningProxy proxy;

  GogsPoolTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    for (String name : List.of("acme/app", "acme/app.wiki", "acme/secret"))
      repositories.sample(name);
    firstNode = PlainNode.start(NodeOptions.of(repositories.root()).asGogs(RULES));
    secondNode = PlainNode.start(NodeOptions.of(repositories.root()).asGogs(RULES));
    proxy = RunningProxy.start(config());
  }

  private ProxyConfig config() {
    return ProxyConfig.in(folder)
        .kind("gogs")
        .node("one", firstNode.url())
        .node("two", secondNode.url());
  }

  private void restartProxy(ProxyConfig config) {
    proxy.close();
    proxy = RunningProxy.start(config);
  }

  @AfterEach
  void stop() {
    proxy.close();
    firstNode.close();
    secondNode.close();
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("git")).env("GIT_TERMINAL_PROMPT", "0");
  }

  private String url(String name, String user) {
    return proxy.httpUrl(name).replace("://", "://" + user + ":" + PASSWORDS.get(user) + "@");
  }

  private RawMessage list(String path, String... lines) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      String fields = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
      client.send(
          "GET /%s/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n"
              .formatted(path, proxy.port("http"), fields));
      return client.readResponse().orElseThrow();
    }
  }

  @Test
  void clients_speak_v2_although_the_nodes_do_not() {
    CommandResult clone =
        git().env("GIT_TRACE_PACKET", "1").run("clone", "-q", proxy.httpUrl("acme/app"), "app");
    assertThat(clone.expectSuccess().stderr()).contains("clone< version 2");
  }

  @Test
  void the_nodes_decide_who_may_read_and_push() {
    String push = "HEAD:refs/heads/new";
    GitRunner clone = git().at("secret");
    git().run("clone", "-q", url("acme/secret", "bob"), "secret").expectSuccess();
    assertThat(clone.run("push", "-q", url("acme/secret", "bob"), push).expectFailure().stderr())
        .contains("403");
    clone.run("push", "-q", url("acme/secret", "ann"), push).expectSuccess();
    assertThat(repositories.open("acme/secret").refs()).containsKey("refs/heads/new");
    assertThat(list("acme/secret.git").status()).isEqualTo(401);
    assertThat(list("acme/missing.git").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"acme/secret", "ACME/Secret.git", "Acme/secret.wiki", "acme/SECRET.wiki.git"})
  void a_rule_applies_to_every_spelling_of_a_repository(String path) {
    restartProxy(
        config()
            .section(
                "policy",
                "[ { deny: [ all ], repositories: [ Acme/Secret ] }, { allow: [ all ] } ]"));
    firstNode.clearRequests();
    assertThat(list(path).status()).isEqualTo(401);
    assertThat(list(path).bodyText()).contains("(decision ");
    assertThat(list("acme/app").status()).isEqualTo(200);
    assertThat(firstNode.requests(request -> request.path().contains("ecret"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"acme/secret.WIKI", "acme/secret.Wiki.git", "acme/%C5%BFecret", "acme/a+b"})
  void a_path_that_no_repository_of_gogs_can_have_is_refused(String path) {
    assertThat(list(path).status()).isEqualTo(400);
    assertThat(firstNode.requests()).isEmpty();
    assertThat(secondNode.requests()).isEmpty();
  }

  @Test
  void a_record_has_the_name_of_the_repository_at_its_nodes() {
    list("ACME/App.git");
    Await.until("the request is recorded", () -> !proxy.auditRecords().isEmpty());
    assertThat(proxy.auditRecords().getLast()).contains("\"repository\":\"acme/app\"");
  }

  @Test
  void the_cookies_of_the_nodes_do_not_reach_git() {
    assertThat(list("acme/app").header("Set-Cookie")).isEmpty();
    assertThat(list("acme/secret").header("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {EMPTY_LIST, ""})
  void a_list_with_nothing_in_it_is_a_failure_of_its_node(String body) {
    var empty =
        new Fault.FixedResponse(
            200,
            List.of(Map.entry("Content-Type", "application/x-git-upload-pack-advertisement")),
            body);
    firstNode.fail(100, RecordedRequest::isAdvertisement, empty);
    for (int i = 0; i < 4; i++) {
      assertThat(list("acme/app").bodyText()).contains("refs/heads/main");
      git().protocol(i % 3).run("ls-remote", proxy.httpUrl("acme/app"), "main").expectSuccess();
    }
    secondNode.fail(100, RecordedRequest::isAdvertisement, empty);
    RawMessage refusal = list("acme/app");
    assertThat(refusal.status()).isEqualTo(502);
    assertThat(refusal.bodyText()).contains("responded with nothing instead of git data");
  }

  @Test
  void an_access_token_is_a_credential_as_name_and_as_password() {
    for (String credential : List.of(TOKEN + ":", TOKEN + ":x-oauth-basic", "anyone:" + TOKEN)) {
      String url = proxy.httpUrl("acme/secret").replace("://", "://" + credential + "@");
      for (int version = 0; version <= 2; version++) {
        git().protocol(version).run("ls-remote", url, "main").expectSuccess();
      }
    }
    String wrong = proxy.httpUrl("acme/secret").replace("://", "://anyone:" + "e".repeat(40) + "@");
    git().run("ls-remote", wrong, "main").expectFailure();
  }

  @Test
  void a_push_whose_service_is_not_in_lower_case_reaches_no_node() {
    String push =
        """
        POST /acme/secret/git-Receive-pack HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Authorization: Basic Ym9iOmIx\r
        Content-Type: application/x-git-receive-pack-request\r
        Content-Length: 4\r
        \r
        0000\
        """;
    assertThat(statusOf(proxy.port("http"), push)).isEqualTo(400);
    assertThat(firstNode.requests()).isEmpty();
    assertThat(secondNode.requests()).isEmpty();
  }

  @Test
  void a_list_can_be_requested_with_head() {
    String head =
        """
        HEAD /acme/app/info/refs?service=git-upload-pack HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Connection: close\r
        \r
        """;
    assertThat(statusOf(firstNode.port(), head)).isEqualTo(500);
    assertThat(statusOf(proxy.port("http"), head)).isEqualTo(200);
  }

  private static int statusOf(int port, String request) {
    try (var client = RawClient.connect(port)) {
      client.send(request.formatted(port));
      String line = client.readUntil("\r\n");
      return Integer.parseInt(line.substring(9, 12));
    }
  }

  @Test
  void a_node_without_its_database_is_down() {
    PlainNode broken = PlainNode.start(NodeOptions.of(repositories.root()).asGogs(NO_DATABASE));
    try (broken) {
      awaitDown(broken, "");
    }
  }

  @Test
  void a_canary_finds_a_node_whose_disk_is_not_mounted() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    try (PlainNode broken = PlainNode.start(NodeOptions.of(empty).asGogs(RULES))) {
      awaitDown(broken, ", canary: acme/app");
    }
  }

  private void awaitDown(PlainNode broken, String canary) {
    restartProxy(
        config()
            .node("broken", broken.url())
            .pool("probe: { interval: 50ms, down-after: 1, slow-start: 0s" + canary + " }"));
    Await.until("the probe has failed", () -> !broken.requests().isEmpty());
    Await.until(
        "the node is down",
        () -> {
          broken.clearRequests();
          for (int i = 0; i < 6; i++) list("acme/app");
          return broken.requests(GogsPoolTest::isOfClient).isEmpty();
        });
  }

  // Probes have no id.
  private static boolean isOfClient(RecordedRequest request) {
    return request.isAdvertisement() && !request.header("X-Request-Id").isEmpty();
  }

  @Test
  void reads_leave_a_node_that_has_just_lost_its_database() {
    PlainNode broken = PlainNode.start(NodeOptions.of(repositories.root()).asGogs(NO_DATABASE));
    try (broken) {
      restartProxy(config().node("broken", broken.url()).pool("probe: none"));
      for (int i = 0; i < 6; i++) assertThat(list("acme/app").status()).isEqualTo(200);
      assertThat(broken.requests(RecordedRequest::isAdvertisement)).isNotEmpty();
    }
  }
}
