package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// What a client sees when a node fails: the rows of `docs/failures.md` about nodes.
@ExtendWith(LeakDetector.class)
final class NodeFailuresTest {
  private final Path folder;
  private final Repositories repositories;
  private final PlainNode firstNode;
  private final PlainNode secondNode;
  private final RunningProxy proxy;

  NodeFailuresTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    firstNode = PlainNode.start(NodeOptions.of(repositories.root()));
    secondNode = PlainNode.start(NodeOptions.of(repositories.root()));
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder).node("one", firstNode.url()).node("two", secondNode.url()));
  }

  @BeforeEach
  void createRepository() {
    repositories.sample("acme/app");
  }

  @AfterEach
  void stop() {
    proxy.close();
    firstNode.close();
    secondNode.close();
  }

  @Test
  void reads_are_served_while_a_node_is_down() {
    firstNode.kill();
    for (int i = 0; i < 4; i++) git().run("ls-remote", url()).expectSuccess();
    assertThat(secondNode.requests(RecordedRequest::isAdvertisement)).hasSize(4);
  }

  @Test
  void a_fetch_succeeds_after_its_node_was_killed_between_advertisement_and_fetch() {
    secondNode.kill();
    git().run("ls-remote", url()).expectSuccess();
    secondNode.restart();
    firstNode.fail(100, RecordedRequest::isUploadPackPost, new Fault.Disconnect(0));
    git().run("clone", url(), "app").expectSuccess();
  }

  @Test
  void a_read_goes_to_another_node_after_a_5xx_response() {
    firstNode.fail(100, request -> true, Fault.FixedResponse.htmlPage(503, "<html>down</html>"));
    for (int i = 0; i < 4; i++) git().run("clone", url(), "app" + i).expectSuccess();
  }

  @Test
  void a_web_page_instead_of_git_data_is_not_relayed() {
    firstNode.fail(100, request -> true, Fault.FixedResponse.htmlPage(200, "<html>log in</html>"));
    secondNode.fail(100, request -> true, Fault.FixedResponse.htmlPage(200, "<html>log in</html>"));
    CommandResult result = git().run("ls-remote", url()).expectFailure();
    assertThat(result.stderr())
        .contains("responded with a web page instead of git data (decision ")
        .doesNotContain("html");
  }

  @Test
  void a_truncated_response_is_never_ended_cleanly() {
    firstNode.fail(100, RecordedRequest::isUploadPackPost, new Fault.Disconnect(700));
    secondNode.fail(100, RecordedRequest::isUploadPackPost, new Fault.Disconnect(700));
    CommandResult result = git().run("clone", url(), "app").expectFailure();
    assertThat(result.stderr()).doesNotContain("decision");
    assertThat(Files.exists(folder.resolve("client/app"))).isFalse();
  }

  @Test
  void requests_are_refused_at_once_while_all_nodes_are_down() {
    firstNode.kill();
    secondNode.kill();
    CommandResult result = git().run("ls-remote", url()).expectFailure();
    assertThat(result.stderr()).contains("cannot be reached (decision ");
    for (int i = 0; i < 4; i++) git().run("ls-remote", url()).expectFailure();
    assertThat(git().run("ls-remote", url()).expectFailure().stderr())
        .contains("no node of this repository is up (decision ");
    firstNode.restart();
  }

  @Test
  void a_push_is_never_retried_after_it_was_sent() {
    firstNode.fail(100, RecordedRequest::isReceivePackPost, new Fault.Disconnect(0));
    secondNode.fail(100, RecordedRequest::isReceivePackPost, new Fault.Disconnect(0));
    git().run("clone", url(), "app").expectSuccess();
    GitRunner clone = git().at("app");
    clone.commit("new", "text");
    clone.run("push", "origin", "HEAD:refs/heads/new").expectFailure();
    int pushes =
        firstNode.requests(RecordedRequest::isReceivePackPost).size()
            + secondNode.requests(RecordedRequest::isReceivePackPost).size();
    assertThat(pushes).isEqualTo(1);
  }

  @Test
  void a_push_goes_to_another_node_when_its_node_is_unreachable() {
    git().run("clone", url(), "app").expectSuccess();
    GitRunner clone = git().at("app");
    clone.commit("new", "text");
    firstNode.kill();
    clone.run("push", "origin", "HEAD:refs/heads/new").expectSuccess();
    firstNode.restart();
    secondNode.kill();
    clone.run("push", "origin", "HEAD:refs/heads/newer").expectSuccess();
  }

  @Test
  void an_aborted_push_leaves_the_repository_intact() {
    Repository app = repositories.open("acme/app");
    git().run("clone", url(), "app").expectSuccess();
    GitRunner clone = git().at("app");
    clone.commit("large", "x".repeat(1 << 20));
    try (var push =
        clone
            .config("core.compression", "0")
            .config("http.postBuffer", "4096")
            .command("push", "origin", "HEAD:refs/heads/left")
            .start()) {
      Await.until("the push begins", () -> !push.errorsSoFar().isEmpty() || !push.isAlive());
      push.kill();
    }
    app.fsck();
    assertThat(proxy.auditRecords()).isNotEmpty();
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }

  private String url() {
    return proxy.httpUrl("acme/app");
  }
}
