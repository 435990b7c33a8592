package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Leaks.class)
final class PlainNodeTest {
  @TempDir Path folder;

  private Repositories repositories() {
    return new Repositories(folder.resolve("repositories"), folder.resolve("node"));
  }

  private GitRunner git() {
    return GitRunner.in(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void git_clones_and_pushes_in_every_protocol_version(int version) {
    var repositories = repositories();
    Repository app = repositories.sample("acme/app");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      var git = git().protocol(version);
      git.git("clone", "-q", node.url("acme/app"), "work").expectSuccess();
      String id = git.at("work").commit("new.txt", "new\n");
      git.at("work").git("push", "origin", "HEAD:refs/heads/main").expectSuccess();
      assertThat(app.id("main")).isEqualTo(id);
      assertThat(node.complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void git_clones_and_pushes_a_sha256_repository(int version) {
    var repositories = repositories();
    Repository app = repositories.sha256("acme/long");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      var git = git().protocol(version);
      git.git("clone", "-q", node.url("acme/long"), "work").expectSuccess();
      String id = git.at("work").commit("new.txt", "new\n");
      git.at("work").git("push", "origin", "HEAD:refs/heads/main").expectSuccess();
      assertThat(app.id("main")).isEqualTo(id).hasSize(64);
    }
  }

  @Test
  void a_node_of_v0_answers_v0_to_a_v2_client() {
    var repositories = repositories();
    repositories.sample("acme/app");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only())) {
      var ran =
          git().protocol(2).env("GIT_TRACE_PACKET", "1").git("ls-remote", node.url("acme/app"));
      assertThat(ran.expectSuccess().stderr()).doesNotContain("version 2");
      assertThat(ran.stdout()).contains("refs/tags/v1.0^{}");
    }
  }

  @Test
  void a_password_is_asked_for_and_checked() {
    var repositories = repositories();
    repositories.sample("acme/app");
    var options = NodeOptions.of(repositories.root()).users(Map.of("al@ex.org", "p:wä+"));
    try (PlainNode node = PlainNode.start(options)) {
      git().git("ls-remote", node.url("acme/app")).expectFailure();
      String known = node.url("acme/app").replace("://", "://al%40ex.org:p%3Aw%C3%A4%2B@");
      git().git("ls-remote", known).expectSuccess();
      assertThat(node.requests().getLast().header("authorization"))
          .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
    }
  }

  @Test
  void a_killed_node_refuses_connections_and_comes_back_on_the_same_port() {
    var repositories = repositories();
    repositories.sample("acme/app");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      node.kill();
      assertThat(git().git("ls-remote", node.url("acme/app")).expectFailure().stderr())
          .contains("Failed to connect");
      node.restart();
      git().git("ls-remote", node.url("acme/app")).expectSuccess();
    }
  }

  @Test
  void a_large_repository_is_cloned_whole_and_a_client_that_goes_away_takes_git_with_it() {
    var repositories = repositories();
    Repository large = repositories.large("acme/large", 24);
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      git().git("clone", "-q", "--bare", node.url("acme/large"), "copy").expectSuccess();
      assertThat(git().at("copy").id("main")).isEqualTo(large.id("main"));
      assertThat(node.requests().getLast().bytesOut()).isGreaterThan(24 << 20);
      try (Started clone =
          git().command("clone", "-q", "--bare", node.url("acme/large"), "cut").start()) {
        Await.until("the pack flows", () -> node.requests().getLast().bytesOut() > 1 << 20);
        clone.kill();
      }
      Await.until("the node gives up", () -> !node.requests().getLast().open());
    }
  }

  @Test
  void a_fault_strikes_the_planned_requests_only() {
    var repositories = repositories();
    repositories.sample("acme/app");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      node.fail(1, SeenRequest::advertisement, Fault.Says.page(503, "<p>full</p>"));
      assertThat(git().git("ls-remote", node.url("acme/app")).expectFailure().stderr())
          .contains("503");
      git().git("ls-remote", node.url("acme/app")).expectSuccess();
      // Twice: curl asks again by itself when a connection that it had used before says nothing.
      node.fail(2, SeenRequest::fetchPost, new Fault.Cuts(0));
      git().git("clone", node.url("acme/app"), "cut").expectFailure();
      node.fail(1, SeenRequest::fetchPost, new Fault.Cuts(10));
      git().git("clone", node.url("acme/app"), "cut").expectFailure();
    }
  }
}
