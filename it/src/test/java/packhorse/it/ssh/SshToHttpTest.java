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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// Conversations over SSH that the proxy carries to nodes over HTTP, where a real node and a real
/// connection make a difference: corners 2, 3, 9 and 11 of `docs/corners.md`.
final class SshToHttpTest {
  @TempDir Path folder;
  private Repositories repositories;
  private PlainNode firstNode;
  private PlainNode secondNode;
  private SshKey key;
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    firstNode = PlainNode.start(NodeOptions.of(repositories.root()));
    secondNode = PlainNode.start(NodeOptions.of(repositories.root()));
    key = SshKey.ed25519(folder, "key");
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .node("one", firstNode.url())
                .node("two", secondNode.url())
                .section("limits", "{ push: 20MiB }")
                .user("alice", key));
  }

  @AfterEach
  void stop() {
    proxy.close();
    firstNode.close();
    secondNode.close();
  }

  private GitRunner git() {
    return GitRunner.in(folder)
        .ssh(
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
  }

  private List<RecordedRequest> requests() {
    return Stream.of(firstNode, secondNode).flatMap(node -> node.requests().stream()).toList();
  }

  @Test
  void jgit_clones_fetches_and_pushes_without_closing_its_input() throws Exception {
    Repository repository = repositories.sample("acme/app");
    try (var jgit = JGitClient.withKey(folder, key);
        Git clone = jgit.clone(proxy.sshUrl("acme/app"), folder.resolve("clone"))) {
      String added = repository.commit("topic", "more.txt", "more\n");
      jgit.fetch(clone);
      assertThat(String.valueOf(clone.getRepository().resolve("origin/topic"))).contains(added);
      clone.commit().setMessage("mine").setSign(false).call();
      assertThat(jgit.push(clone, "HEAD:refs/heads/mine"))
          .allMatch(update -> update.getStatus() == RemoteRefUpdate.Status.OK);
      assertThat(jgit.push(clone, ":refs/heads/topic"))
          .allMatch(update -> update.getStatus() == RemoteRefUpdate.Status.OK);
      assertThat(repository.refs())
          .containsKey("refs/heads/mine")
          .doesNotContainKey("refs/heads/topic");
    }
  }

  @Test
  void a_push_whose_connection_is_lost_leaves_no_ref_at_the_node() throws Exception {
    Repository repository = repositories.sample("acme/app");
    git().run("clone", "-q", proxy.sshUrl("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone");
    // 10 MB of content, of which 5 MB are sent: the connection ends within the pack.
    clone.program("sh", "-c", "head -c 10000000 /dev/urandom > noise").run().expectSuccess();
    clone.run("add", "noise").expectSuccess();
    clone.run("commit", "-q", "-m", "noise").expectSuccess();
    String sshCommand = clone.environment().get("GIT_SSH_COMMAND");
    CommandResult result =
        clone
            .env("GIT_SSH_COMMAND", "head -c 5000000 | " + sshCommand)
            .env("GIT_SSH_VARIANT", "ssh")
            .run("push", proxy.sshUrl("acme/app"), "HEAD:refs/heads/cut");
    assertThat(result.exitStatus()).isNotZero();
    assertThat(repository.refs()).doesNotContainKey("refs/heads/cut");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_fetch_succeeds_when_a_node_fails_before_its_first_byte(int version) {
    repositories.sample("acme/app");
    firstNode.fail(100, RecordedRequest::isUploadPackPost, new Fault.Disconnect(0));
    for (int i = 0; i < 3; i++) {
      git()
          .protocol(version)
          .run("clone", "-q", proxy.sshUrl("acme/app"), "clone" + i)
          .expectSuccess();
    }
  }

  @Test
  void a_fetch_succeeds_when_a_node_fails_between_advertisement_and_fetch() {
    repositories.sample("acme/app");
    // Every fetch finds one of the two nodes failing, whichever node sent the advertisement.
    firstNode.fail(
        100,
        RecordedRequest::isUploadPackPost,
        new Fault.FixedResponse(503, List.of(), "going down"));
    for (int i = 0; i < 3; i++) {
      git().protocol(0).run("clone", "-q", proxy.sshUrl("acme/app"), "clone" + i).expectSuccess();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_node_that_fails_within_its_pack_is_reported(int version) {
    repositories.large("acme/app", 4);
    firstNode.fail(100, RecordedRequest::isUploadPackPost, new Fault.Disconnect(1_000_000));
    secondNode.fail(100, RecordedRequest::isUploadPackPost, new Fault.Disconnect(1_000_000));
    CommandResult result =
        git().protocol(version).run("clone", "-q", proxy.sshUrl("acme/app"), "clone");
    assertThat(result.exitStatus()).isEqualTo(128);
    assertThat(result.stderr())
        .contains("failed in the middle of its response")
        .contains("(decision ");
  }

  @Test
  void a_push_over_the_limit_is_refused_and_leaves_no_ref() {
    Repository repository = repositories.sample("acme/app");
    git().run("clone", "-q", proxy.sshUrl("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone");
    clone.program("sh", "-c", "head -c 60000000 /dev/urandom > noise").run().expectSuccess();
    clone.run("add", "noise").expectSuccess();
    clone.run("commit", "-q", "-m", "noise").expectSuccess();
    CommandResult result = clone.run("push", proxy.sshUrl("acme/app"), "HEAD:refs/heads/large");
    assertThat(result.exitStatus()).isEqualTo(1);
    assertThat(result.stderr())
        .contains("limit")
        .contains("[remote rejected]")
        .doesNotContain("roken pipe");
    assertThat(repository.refs()).doesNotContainKey("refs/heads/large");
  }

  @Test
  void an_early_response_to_a_push_reaches_git() {
    repositories.sample("acme/app");
    git().run("clone", "-q", proxy.sshUrl("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone");
    clone.program("sh", "-c", "head -c 9000000 /dev/urandom > noise").run().expectSuccess();
    clone.run("add", "noise").expectSuccess();
    clone.run("commit", "-q", "-m", "noise").expectSuccess();
    Fault refusal =
        new Fault.FixedResponse(
            403, List.of(Map.entry("Content-Type", "text/plain")), "frozen until Monday\n");
    firstNode.fail(100, RecordedRequest::isReceivePackPost, refusal);
    secondNode.fail(100, RecordedRequest::isReceivePackPost, refusal);
    CommandResult result = clone.run("push", proxy.sshUrl("acme/app"), "HEAD:refs/heads/large");
    assertThat(result.exitStatus()).isEqualTo(1);
    assertThat(result.stderr()).contains("frozen until Monday").contains("[remote rejected]");
  }

  @Test
  void a_push_with_negotiation_succeeds() {
    Repository repository = repositories.sample("acme/app");
    git().run("clone", "-q", "--single-branch", proxy.sshUrl("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone").config("push.negotiate", "true").protocol(2);
    String id = clone.commit("new.txt", "new\n");
    CommandResult result =
        clone.run("push", proxy.sshUrl("acme/app"), "HEAD:refs/heads/negotiated").expectSuccess();
    assertThat(result.stderr()).doesNotContain("push negotiation failed");
    assertThat(repository.id("negotiated")).isEqualTo(id);
  }

  @Test
  void a_push_succeeds_after_a_slow_pre_push_hook() {
    repositories.sample("acme/app");
    git().run("clone", "-q", proxy.sshUrl("acme/app"), "clone").expectSuccess();
    GitRunner clone = git().at("clone").timeout(Duration.ofSeconds(60));
    clone
        .program(
            "sh",
            "-c",
            "printf '#!/bin/sh\\nsleep 3\\n' > .git/hooks/pre-push; chmod +x .git/hooks/pre-push")
        .run()
        .expectSuccess();
    clone.run("push", proxy.sshUrl("acme/app"), "HEAD:refs/heads/late").expectSuccess();
    assertThat(requests()).anyMatch(RecordedRequest::isReceivePackPost);
  }
}
