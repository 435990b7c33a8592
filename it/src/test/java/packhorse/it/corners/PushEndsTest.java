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
import packhorse.it.kit.Await;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Transport;

/// Corner 2: where a push over SSH ends, whether or not the client closes its half.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class PushEndsTest {
  private final Stage stage;

  PushEndsTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void delete_only_push() throws IOException {
    Repository app = stage.repositories().sample("acme/deleted");
    stage
        .cloned(Transport.SSH, app.name(), "deleted")
        .git("push", "origin", ":topic")
        .expectSuccess();
    String line =
        app.id("develop") + " " + "0".repeat(40) + " refs/heads/develop\0report-status delete-refs";
    // standard input stays open to the end
    try (Started ssh = receive(app)) {
      say(ssh, SshTalk.pkt(line) + "0000");
      assertThat(ssh.finish().expectSuccess().stdout()).endsWith("ok refs/heads/develop\n0000");
    }
    assertThat(app.refs()).doesNotContainKeys("refs/heads/topic", "refs/heads/develop");
  }

  @Test
  void jgit_push() throws Exception {
    Repository app = stage.repositories().sample("acme/jgit");
    Path place = stage.folder().resolve("jgit");
    try (var jgit = JGitClient.key(place, stage.key());
        Git clone = jgit.clone(stage.proxy().ssh(app.name()), place.resolve("work"))) {
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
  void push_of_zero_objects() {
    Repository app = stage.repositories().sample("acme/zero");
    GitRunner work = stage.cloned(Transport.SSH, app.name(), "zero");
    work.git("push", "origin", "HEAD~3:refs/heads/old", "v1.0:refs/tags/again").expectSuccess();
    assertThat(app.id("old")).isEqualTo(work.id("HEAD~3"));
    assertThat(app.id("again")).isEqualTo(work.id("v1.0"));
  }

  @Test
  void connection_lost_mid_pack() throws IOException {
    Repository app = stage.repositories().large("acme/lost", 2);
    String pack = app.git().git("pack-objects", "-q", "--all", "--stdout").expectSuccess().stdout();
    String line = "0".repeat(40) + " " + app.id("main") + " refs/heads/lost\0report-status";
    stage.forget();
    try (Started ssh = receive(app)) {
      say(ssh, SshTalk.pkt(line) + "0000" + pack.substring(0, pack.length() / 2));
      Await.until("the node hears the pack", this::begun);
      ssh.kill();
    }
    Await.until(
        "the push ends",
        () -> stage.heard(SeenRequest::pushPost).stream().noneMatch(SeenRequest::open));
    // asked once, and git never had an end of input that it could take for the end of the push
    assertThat(stage.heard(SeenRequest::pushPost)).hasSize(1);
    assertThat(app.refs()).doesNotContainKey("refs/heads/lost");
    assertThat(stage.audit(1, "acme/lost", "\"failure\"")).hasSize(1);
  }

  private boolean begun() {
    return stage.heard(SeenRequest::pushPost).stream().anyMatch(one -> one.bytesIn() > 500_000);
  }

  private Started receive(Repository app) {
    return SshTalk.exec(stage.way(), stage.folder(), "git-receive-pack '" + app.name() + "'");
  }

  private static void say(Started ssh, String text) throws IOException {
    ssh.stdin().write(text.getBytes(StandardCharsets.ISO_8859_1));
    ssh.stdin().flush();
  }
}
