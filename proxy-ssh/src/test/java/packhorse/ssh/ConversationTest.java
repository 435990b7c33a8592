package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real git and OpenSSH through the front and the exchanges, to what {@code git http-backend}
/// answers.
final class ConversationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "0,false", "1,false", "2,false"})
  void a_clone_and_a_fetch_bring_what_the_node_has(int version, boolean knowsV2)
      throws IOException {
    SshScene.Terms terms = SshScene.Terms.usual();
    try (var scene = new SshScene(folder, knowsV2 ? terms : terms.v0Nodes())) {
      Path work = scene.repository("acme/app", 20);
      Command git = scene.git("bob", version);
      git.run("git", "clone", "-q", scene.url("acme/app.git"), "clone").well();
      scene.commit(work, "new", "new");
      scene
          .git("alice", version)
          .in(work)
          .run("git", "push", "-q", scene.url("acme/app"), "main")
          .well();
      Path clone = folder.resolve("clone");
      git.in(clone).run("git", "fetch", "-q").well();
      git.in(clone).run("git", "fsck", "--strict").well();
      assertThat(git.in(clone).run("git", "rev-parse", "origin/main").out())
          .isEqualTo(git.in(work).run("git", "rev-parse", "main").out());
      assertThat(Files.exists(clone.resolve("file-0"))).isTrue();
    }
  }
}
