package packhorse.it.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;

/// Conversations over SSH, carried to nodes over HTTP: what only shows with a real node behind a
/// real connection (git-corners 2, 3, 9 and 11).
final class SshToHttpTest {
  @TempDir Path folder;
  private Repositories repositories;
  private PlainNode one;
  private PlainNode two;
  private SshKey key;
  private RunningProxy proxy;

  @BeforeEach
  void begin() {
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    one = PlainNode.start(NodeOptions.of(repositories.root()));
    two = PlainNode.start(NodeOptions.of(repositories.root()));
    key = SshKey.ed25519(folder, "key");
    proxy =
        RunningProxy.start(
            ProxyText.in(folder)
                .node("one", one.url())
                .node("two", two.url())
                .section("limits", "{ push: 20MiB }")
                .user("alice", key));
  }

  @AfterEach
  void end() {
    proxy.close();
    one.close();
    two.close();
  }

  private GitRunner git() {
    return GitRunner.in(folder)
        .ssh(SshWay.trusting(key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
  }

  private List<SeenRequest> heard() {
    return Stream.of(one, two).flatMap(node -> node.requests().stream()).toList();
  }

  @Test
  void jgit_which_never_closes_its_half_clones_fetches_and_pushes() throws Exception {
    Repository repository = repositories.sample("acme/app");
    try (var jgit = JGitClient.key(folder, key);
        Git clone = jgit.clone(proxy.ssh("acme/app"), folder.resolve("clone"))) {
      String added = repository.commit("topic", "more.txt", "more\n");
      jgit.fetch(clone);
      assertThat(String.valueOf(clone.getRepository().resolve("origin/topic"))).contains(added);
      clone.commit().setMessage("mine").setSign(false).call();
      assertThat(jgit.push(clone, "HEAD:refs/heads/mine"))
          .allMatch(one -> one.getStatus() == RemoteRefUpdate.Status.OK);
      assertThat(jgit.push(clone, ":refs/heads/topic"))
          .allMatch(one -> one.getStatus() == RemoteRefUpdate.Status.OK);
      assertThat(repository.refs())
          .containsKey("refs/heads/mine")
          .doesNotContainKey("refs/heads/topic");
    }
  }

  @Test
  void a_push_whose_connection_is_lost_never_ends_well_at_the_node() throws Exception {
    Repository repository = repositories.sample("acme/app");
    git().git("clone", "-q", proxy.ssh("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone");
    // 10 MB and then silence: the connection is killed in the midst of the pack
    clone.program("sh", "-c", "head -c 10000000 /dev/urandom > noise").run().expectSuccess();
    clone.git("add", "noise").expectSuccess();
    clone.git("commit", "-q", "-m", "noise").expectSuccess();
    String slow = clone.environment().get("GIT_SSH_COMMAND");
    Ran ran =
        clone
            .env("GIT_SSH_COMMAND", "head -c 5000000 | " + slow)
            .env("GIT_SSH_VARIANT", "ssh")
            .git("push", proxy.ssh("acme/app"), "HEAD:refs/heads/cut");
    assertThat(ran.exit()).isNotZero();
    assertThat(repository.refs()).doesNotContainKey("refs/heads/cut");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_node_that_fails_before_its_first_byte_is_not_missed(int version) {
    repositories.sample("acme/app");
    one.fail(100, SeenRequest::fetchPost, new Fault.Cuts(0));
    for (int i = 0; i < 3; i++) {
      git()
          .protocol(version)
          .git("clone", "-q", proxy.ssh("acme/app"), "clone" + i)
          .expectSuccess();
    }
  }

  @Test
  void a_node_that_is_killed_between_advertisement_and_fetch_is_not_missed() {
    repositories.sample("acme/app");
    // every fetch finds one of the two dead, whichever advertised
    one.fail(100, SeenRequest::fetchPost, new Fault.Says(503, List.of(), "going down"));
    for (int i = 0; i < 3; i++) {
      git().protocol(0).git("clone", "-q", proxy.ssh("acme/app"), "clone" + i).expectSuccess();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_node_that_breaks_off_in_its_pack_is_named(int version) {
    repositories.large("acme/app", 4);
    one.fail(100, SeenRequest::fetchPost, new Fault.Cuts(1_000_000));
    two.fail(100, SeenRequest::fetchPost, new Fault.Cuts(1_000_000));
    Ran ran = git().protocol(version).git("clone", "-q", proxy.ssh("acme/app"), "clone");
    assertThat(ran.exit()).isEqualTo(128);
    assertThat(ran.stderr()).contains("broke off in the midst").contains("(decision ");
  }

  @Test
  void a_push_over_the_limit_says_so_and_nothing_of_it_is_kept() {
    Repository repository = repositories.sample("acme/app");
    git().git("clone", "-q", proxy.ssh("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone");
    clone.program("sh", "-c", "head -c 60000000 /dev/urandom > noise").run().expectSuccess();
    clone.git("add", "noise").expectSuccess();
    clone.git("commit", "-q", "-m", "noise").expectSuccess();
    Ran ran = clone.git("push", proxy.ssh("acme/app"), "HEAD:refs/heads/large");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.stderr())
        .contains("limit")
        .contains("[remote rejected]")
        .doesNotContain("roken pipe");
    assertThat(repository.refs()).doesNotContainKey("refs/heads/large");
  }

  @Test
  void a_node_that_answers_a_push_early_is_heard_by_git() {
    repositories.sample("acme/app");
    git().git("clone", "-q", proxy.ssh("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone");
    clone.program("sh", "-c", "head -c 9000000 /dev/urandom > noise").run().expectSuccess();
    clone.git("add", "noise").expectSuccess();
    clone.git("commit", "-q", "-m", "noise").expectSuccess();
    Fault no =
        new Fault.Says(
            403, List.of(Map.entry("Content-Type", "text/plain")), "frozen until Monday\n");
    one.fail(100, SeenRequest::pushPost, no);
    two.fail(100, SeenRequest::pushPost, no);
    Ran ran = clone.git("push", proxy.ssh("acme/app"), "HEAD:refs/heads/large");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.stderr()).contains("frozen until Monday").contains("[remote rejected]");
  }

  @Test
  void a_push_that_negotiates_brings_only_what_is_new() {
    Repository repository = repositories.sample("acme/app");
    git().git("clone", "-q", "--single-branch", proxy.ssh("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone").set("push.negotiate", "true").protocol(2);
    String id = clone.commit("new.txt", "new\n");
    Ran ran =
        clone.git("push", proxy.ssh("acme/app"), "HEAD:refs/heads/negotiated").expectSuccess();
    assertThat(ran.stderr()).doesNotContain("push negotiation failed");
    assertThat(repository.id("negotiated")).isEqualTo(id);
  }

  @Test
  void a_hook_that_takes_long_before_the_push_is_waited_for() {
    repositories.sample("acme/app");
    git().git("clone", "-q", proxy.ssh("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone").limit(Duration.ofSeconds(60));
    clone
        .program(
            "sh",
            "-c",
            "printf '#!/bin/sh\\nsleep 3\\n' > .git/hooks/pre-push; chmod +x .git/hooks/pre-push")
        .run()
        .expectSuccess();
    clone.git("push", proxy.ssh("acme/app"), "HEAD:refs/heads/late").expectSuccess();
    assertThat(heard()).anyMatch(SeenRequest::pushPost);
  }
}
