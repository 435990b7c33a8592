package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Plink;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.proxy.ProxyFixture;

/// PuTTY's `plink` as the SSH client of git.
@ExtendWith(LeakDetector.class)
final class PlinkTest {
  @Test
  void git_over_plink_clones_fetches_and_pushes(@TempDir Path folder) throws IOException {
    try (ProxyFixture fixture = ProxyFixture.start(folder, 1)) {
      Repository app = fixture.repositories().sample("acme/app");
      String port = Integer.toString(fixture.proxy().port("ssh"));
      Command scan = Command.of(folder, "ssh-keyscan", "-p", port, "-t", "ed25519", "127.0.0.1");
      Path knownHosts = Files.writeString(folder.resolve("scanned"), scan.run().output() + "\n");
      String[] fingerprint =
          Command.of(folder, "ssh-keygen", "-l", "-f", knownHosts.toString())
              .run()
              .output()
              .split(" ", -1);
      Plink plink = Plink.with(fixture.key(), fixture.proxy().port("ssh"), fingerprint[1]);
      GitRunner git = plink.configure(GitRunner.in(folder.resolve("putty")));
      git.run("clone", "-q", fixture.proxy().sshUrl("acme/app"), "work").expectSuccess();
      String remoteCommit = app.commit("topic", "theirs", "text");
      String localCommit = git.at("work").commit("mine", "text");
      git.at("work").run("fetch", "-q").expectSuccess();
      git.at("work").run("push", "origin", "HEAD:refs/heads/mine", ":develop").expectSuccess();
      assertThat(git.at("work").id("origin/topic")).isEqualTo(remoteCommit);
      assertThat(app.refs()).containsEntry("refs/heads/mine", localCommit);
      assertThat(app.refs()).doesNotContainKey("refs/heads/develop");
    }
  }
}
