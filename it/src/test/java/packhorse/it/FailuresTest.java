package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Await;
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SeenRequest;

/// What a client sees when a node fails: the rows of `docs/failures.md` about nodes.
@ExtendWith(Leaks.class)
final class FailuresTest {
  private final Path folder;
  private final Repositories repositories;
  private final PlainNode one;
  private final PlainNode two;
  private final RunningProxy proxy;

  FailuresTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    one = PlainNode.start(NodeOptions.of(repositories.root()));
    two = PlainNode.start(NodeOptions.of(repositories.root()));
    proxy = RunningProxy.start(ProxyText.in(folder).node("one", one.url()).node("two", two.url()));
  }

  @BeforeEach
  void repository() {
    repositories.sample("acme/app");
  }

  @AfterEach
  void stop() {
    proxy.close();
    one.close();
    two.close();
  }

  @Test
  void reads_go_on_while_a_node_is_not_there() {
    one.kill();
    for (int i = 0; i < 4; i++) git().git("ls-remote", app()).expectSuccess();
    assertThat(two.requests(SeenRequest::advertisement)).hasSize(4);
  }

  @Test
  void a_node_killed_between_advertisement_and_fetch_is_not_missed() {
    two.kill();
    git().git("ls-remote", app()).expectSuccess();
    two.restart();
    one.fail(100, SeenRequest::fetchPost, new Fault.Cuts(0));
    git().git("clone", app(), "app").expectSuccess();
  }

  @Test
  void a_node_that_fails_with_5xx_is_replaced_unseen() {
    one.fail(100, request -> true, Fault.Says.page(503, "<html>down</html>"));
    for (int i = 0; i < 4; i++) git().git("clone", app(), "app" + i).expectSuccess();
  }

  @Test
  void a_page_where_git_is_due_is_never_relayed() {
    one.fail(100, request -> true, Fault.Says.page(200, "<html>log in</html>"));
    two.fail(100, request -> true, Fault.Says.page(200, "<html>log in</html>"));
    Ran ran = git().git("ls-remote", app()).expectFailure();
    assertThat(ran.stderr())
        .contains("answered with a page where git's answer is due (decision ")
        .doesNotContain("html");
  }

  @Test
  void an_answer_that_breaks_off_is_never_ended_cleanly() {
    one.fail(100, SeenRequest::fetchPost, new Fault.Cuts(700));
    two.fail(100, SeenRequest::fetchPost, new Fault.Cuts(700));
    Ran ran = git().git("clone", app(), "app").expectFailure();
    assertThat(ran.stderr()).doesNotContain("decision");
    assertThat(Files.exists(folder.resolve("client/app"))).isFalse();
  }

  @Test
  void with_all_nodes_gone_the_client_is_told_at_once() {
    one.kill();
    two.kill();
    Ran ran = git().git("ls-remote", app()).expectFailure();
    assertThat(ran.stderr()).contains("cannot be reached (decision ");
    for (int i = 0; i < 4; i++) git().git("ls-remote", app()).expectFailure();
    assertThat(git().git("ls-remote", app()).expectFailure().stderr())
        .contains("no node of this repository is up (decision ");
    one.restart();
  }

  @Test
  void a_push_reaches_one_node_once_whatever_that_node_does() {
    one.fail(100, SeenRequest::pushPost, new Fault.Cuts(0));
    two.fail(100, SeenRequest::pushPost, new Fault.Cuts(0));
    git().git("clone", app(), "app").expectSuccess();
    GitRunner clone = git().at("app");
    clone.commit("new", "text");
    clone.git("push", "origin", "HEAD:refs/heads/new").expectFailure();
    int heard =
        one.requests(SeenRequest::pushPost).size() + two.requests(SeenRequest::pushPost).size();
    assertThat(heard).isEqualTo(1);
  }

  @Test
  void a_push_whose_node_is_not_there_goes_to_the_other() {
    git().git("clone", app(), "app").expectSuccess();
    GitRunner clone = git().at("app");
    clone.commit("new", "text");
    one.kill();
    clone.git("push", "origin", "HEAD:refs/heads/new").expectSuccess();
    one.restart();
    two.kill();
    clone.git("push", "origin", "HEAD:refs/heads/newer").expectSuccess();
  }

  @Test
  void a_client_that_leaves_in_its_push_leaves_no_ref_behind() {
    Repository app = repositories.open("acme/app");
    git().git("clone", app(), "app").expectSuccess();
    GitRunner clone = git().at("app");
    clone.commit("large", "x".repeat(1 << 20));
    try (var push =
        clone
            .set("core.compression", "0")
            .set("http.postBuffer", "4096")
            .command("push", "origin", "HEAD:refs/heads/left")
            .start()) {
      Await.until("the push begins", () -> !push.errorsSoFar().isEmpty() || !push.alive());
      push.kill();
    }
    app.fsck();
    assertThat(proxy.audit()).isNotEmpty();
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }

  private String app() {
    return proxy.http("acme/app");
  }
}
