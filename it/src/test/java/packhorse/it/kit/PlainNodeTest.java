package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;

@ExtendWith(LeakDetector.class)
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
      git.run("clone", "-q", node.url("acme/app"), "work").expectSuccess();
      String id = git.at("work").commit("new.txt", "new\n");
      git.at("work").run("push", "origin", "HEAD:refs/heads/main").expectSuccess();
      assertThat(app.id("main")).isEqualTo(id);
      assertThat(node.gitErrors()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void git_clones_and_pushes_a_sha256_repository(int version) {
    var repositories = repositories();
    Repository app = repositories.sha256("acme/long");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      var git = git().protocol(version);
      git.run("clone", "-q", node.url("acme/long"), "work").expectSuccess();
      String id = git.at("work").commit("new.txt", "new\n");
      git.at("work").run("push", "origin", "HEAD:refs/heads/main").expectSuccess();
      assertThat(app.id("main")).isEqualTo(id).hasSize(64);
    }
  }

  @Test
  void a_v0_only_node_responds_in_v0_to_a_v2_client() {
    var repositories = repositories();
    repositories.sample("acme/app");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only())) {
      var result =
          git().protocol(2).env("GIT_TRACE_PACKET", "1").run("ls-remote", node.url("acme/app"));
      assertThat(result.expectSuccess().stderr()).doesNotContain("version 2");
      assertThat(result.stdout()).contains("refs/tags/v1.0^{}");
    }
  }

  @Test
  void a_password_is_requested_and_verified() {
    var repositories = repositories();
    repositories.sample("acme/app");
    var options = NodeOptions.of(repositories.root()).withUsers(Map.of("al@ex.org", "p:wä+"));
    try (PlainNode node = PlainNode.start(options)) {
      git().run("ls-remote", node.url("acme/app")).expectFailure();
      String urlWithPassword =
          node.url("acme/app").replace("://", "://al%40ex.org:p%3Aw%C3%A4%2B@");
      git().run("ls-remote", urlWithPassword).expectSuccess();
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
      assertThat(git().run("ls-remote", node.url("acme/app")).expectFailure().stderr())
          .contains("Failed to connect");
      node.restart();
      git().run("ls-remote", node.url("acme/app")).expectSuccess();
    }
  }

  @Test
  void a_large_repository_is_cloned_and_git_stops_when_its_client_disconnects() {
    var repositories = repositories();
    Repository large = repositories.large("acme/large", 24);
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      git().run("clone", "-q", "--bare", node.url("acme/large"), "copy").expectSuccess();
      assertThat(git().at("copy").id("main")).isEqualTo(large.id("main"));
      assertThat(node.requests().getLast().responseBytes()).isGreaterThan(24 << 20);
      try (RunningCommand clone =
          git().command("clone", "-q", "--bare", node.url("acme/large"), "cut").start()) {
        Await.until(
            "the pack is being sent", () -> node.requests().getLast().responseBytes() > 1 << 20);
        clone.kill();
      }
      Await.until("the node has ended the request", () -> !node.requests().getLast().inProgress());
    }
  }

  @Test
  void a_fault_affects_only_the_requests_it_is_planned_for() {
    var repositories = repositories();
    repositories.sample("acme/app");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      node.fail(
          1, RecordedRequest::isAdvertisement, Fault.FixedResponse.htmlPage(503, "<p>full</p>"));
      assertThat(git().run("ls-remote", node.url("acme/app")).expectFailure().stderr())
          .contains("503");
      git().run("ls-remote", node.url("acme/app")).expectSuccess();
      // Twice, because curl repeats the request itself when a reused connection is closed without a
      // response.
      node.fail(2, RecordedRequest::isUploadPackPost, new Fault.Disconnect(0));
      git().run("clone", node.url("acme/app"), "cut").expectFailure();
      node.fail(1, RecordedRequest::isUploadPackPost, new Fault.Disconnect(10));
      git().run("clone", node.url("acme/app"), "cut").expectFailure();
    }
  }
}
