package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.transport.RemoteRefUpdate.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.git.PktLine;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// Where a push over SSH ends, whether or not the client closes its half of the stream: corner 2 of
/// `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class PushTerminationTest {
  private final ProxyFixture fixture;

  PushTerminationTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void a_push_of_deletions_ends_without_a_closed_input() throws IOException {
    Repository app = fixture.repositories().sample("acme/deleted");
    fixture
        .gitClone(GitTransport.SSH, app.name(), "deleted")
        .run("push", "origin", ":topic")
        .expectSuccess();
    String command =
        app.id("develop") + " " + "0".repeat(40) + " refs/heads/develop\0report-status delete-refs";
    // Standard input stays open until the command has ended.
    try (RunningCommand ssh = startReceivePack(app)) {
      write(ssh, PktLine.pkt(command) + "0000");
      assertThat(ssh.waitFor().expectSuccess().stdout()).endsWith("ok refs/heads/develop\n0000");
    }
    assertThat(app.refs()).doesNotContainKeys("refs/heads/topic", "refs/heads/develop");
  }

  @Test
  void jgit_pushes_and_deletes() throws Exception {
    Repository app = fixture.repositories().sample("acme/jgit");
    Path folder = fixture.folder().resolve("jgit");
    try (var jgit = JGitClient.withKey(folder, fixture.key());
        Git clone = jgit.clone(fixture.proxy().sshUrl(app.name()), folder.resolve("work"))) {
      clone.commit().setMessage("mine").setSign(false).call();
      assertThat(jgit.push(clone, "HEAD:refs/heads/mine", ":refs/heads/topic"))
          .allMatch(ref -> ref.getStatus() == Status.OK);
      assertThat(jgit.push(clone, ":refs/heads/develop"))
          .allMatch(ref -> ref.getStatus() == Status.OK);
    }
    assertThat(app.refs())
        .containsKey("refs/heads/mine")
        .doesNotContainKeys("refs/heads/topic", "refs/heads/develop");
  }

  @Test
  void a_push_of_zero_objects_succeeds() {
    Repository app = fixture.repositories().sample("acme/zero");
    GitRunner clone = fixture.gitClone(GitTransport.SSH, app.name(), "zero");
    clone.run("push", "origin", "HEAD~3:refs/heads/old", "v1.0:refs/tags/again").expectSuccess();
    assertThat(app.id("old")).isEqualTo(clone.id("HEAD~3"));
    assertThat(app.id("again")).isEqualTo(clone.id("v1.0"));
  }

  @Test
  void a_connection_lost_within_the_pack_aborts_the_push() throws IOException {
    Repository app = fixture.repositories().large("acme/lost", 2);
    String pack = app.git().run("pack-objects", "-q", "--all", "--stdout").expectSuccess().stdout();
    String command = "0".repeat(40) + " " + app.id("main") + " refs/heads/lost\0report-status";
    fixture.clearRequests();
    try (RunningCommand ssh = startReceivePack(app)) {
      write(ssh, PktLine.pkt(command) + "0000" + pack.substring(0, pack.length() / 2));
      Await.until("the node receives the pack", this::nodeReceivesPack);
      ssh.kill();
    }
    Await.until(
        "the push ends",
        () ->
            fixture.requests(RecordedRequest::isReceivePackPost).stream()
                .noneMatch(RecordedRequest::inProgress));
    // The proxy did not repeat the push, and git did not take the lost connection for the end of
    // the pack.
    assertThat(fixture.requests(RecordedRequest::isReceivePackPost)).hasSize(1);
    assertThat(app.refs()).doesNotContainKey("refs/heads/lost");
    assertThat(fixture.awaitAuditRecords(1, "acme/lost", "\"failure\"")).hasSize(1);
  }

  private boolean nodeReceivesPack() {
    return fixture.requests(RecordedRequest::isReceivePackPost).stream()
        .anyMatch(request -> request.requestBytes() > 500_000);
  }

  private RunningCommand startReceivePack(Repository app) {
    return fixture.sshClient().exec(fixture.folder(), "git-receive-pack '" + app.name() + "'");
  }

  private static void write(RunningCommand ssh, String text) throws IOException {
    ssh.stdin().write(text.getBytes(StandardCharsets.ISO_8859_1));
    ssh.stdin().flush();
  }
}
