package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Command;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Plink;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Stage;

/// PuTTY's plink, once.
@ExtendWith(Leaks.class)
final class PlinkTest {
  @Test
  void git_over_plink_clones_fetches_and_pushes(@TempDir Path folder) throws java.io.IOException {
    try (Stage stage = Stage.of(folder, 1)) {
      Repository app = stage.repositories().sample("acme/app");
      String port = Integer.toString(stage.proxy().port("ssh"));
      Command scan = Command.of(folder, "ssh-keyscan", "-p", port, "-t", "ed25519", "127.0.0.1");
      Path known = Files.writeString(folder.resolve("scanned"), scan.run().output() + "\n");
      String[] print =
          Command.of(folder, "ssh-keygen", "-l", "-f", known.toString())
              .run()
              .output()
              .split(" ", -1);
      Plink plink = Plink.with(stage.key(), stage.proxy().port("ssh"), print[1]);
      GitRunner git = plink.equip(GitRunner.in(folder.resolve("putty")));
      git.git("clone", "-q", stage.proxy().ssh("acme/app"), "work").expectSuccess();
      String theirs = app.commit("topic", "theirs", "text");
      String mine = git.at("work").commit("mine", "text");
      git.at("work").git("fetch", "-q").expectSuccess();
      git.at("work").git("push", "origin", "HEAD:refs/heads/mine", ":develop").expectSuccess();
      assertThat(git.at("work").id("origin/topic")).isEqualTo(theirs);
      assertThat(app.refs()).containsEntry("refs/heads/mine", mine);
      assertThat(app.refs()).doesNotContainKey("refs/heads/develop");
    }
  }
}
