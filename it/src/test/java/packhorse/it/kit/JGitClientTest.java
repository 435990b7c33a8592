package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.SshNode;
import packhorse.it.kit.ssh.SshKey;

@ExtendWith(LeakDetector.class)
final class JGitClientTest {
  @TempDir Path folder;

  @Test
  void jgit_clones_and_pushes_over_http() throws Exception {
    var repositories = new Repositories(folder.resolve("r"), folder.resolve("n"));
    Repository app = repositories.sample("acme/app");
    try (var node = PlainNode.start(NodeOptions.of(repositories.root()));
        var jgit = JGitClient.anonymous(folder)) {
      cloneAndPush(jgit, node.url("acme/app"), app);
    }
  }

  @Test
  void jgit_clones_and_pushes_over_ssh() throws Exception {
    var repositories = new Repositories(folder.resolve("r"), folder.resolve("n"));
    Repository app = repositories.sample("acme/app");
    try (var node = SshNode.start(repositories.root());
        var jgit = JGitClient.withKey(folder, SshKey.ed25519(folder, "al"))) {
      cloneAndPush(jgit, node.url("acme/app"), app);
    }
  }

  private void cloneAndPush(JGitClient jgit, String url, Repository app) throws Exception {
    try (Git clone = jgit.clone(url, folder.resolve("work"))) {
      Files.writeString(folder.resolve("work/new.txt"), "new\n");
      clone.add().addFilepattern("new.txt").call();
      var commit =
          clone
              .commit()
              .setMessage("New")
              .setAuthor("Al", "al@example.org")
              .setCommitter("Al", "al@example.org")
              .call();
      var updates = jgit.push(clone, "HEAD:refs/heads/main", ":refs/heads/topic");
      assertThat(updates)
          .extracting(RemoteRefUpdate::getStatus)
          .containsOnly(RemoteRefUpdate.Status.OK);
      assertThat(app.id("main")).isEqualTo(commit.getName());
      assertThat(app.contains("topic")).isFalse();
      app.commit("main", "past.txt", "past\n");
      jgit.fetch(clone);
      assertThat(clone.getRepository().resolve("refs/remotes/origin/main"))
          .isEqualTo(ObjectId.fromString(app.id("main")));
    }
  }
}
