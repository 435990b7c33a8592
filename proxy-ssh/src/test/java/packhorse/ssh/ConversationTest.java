package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clones, pushes and fetches of real git over OpenSSH, through the front and the exchanges to `git
/// http-backend`.
final class ConversationTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "0,false", "1,false", "2,false"})
  void a_clone_and_a_fetch_receive_what_the_node_has(int version, boolean knowsV2)
      throws IOException {
    SshTestProxy.Options options = SshTestProxy.Options.defaults();
    try (var proxy = new SshTestProxy(folder, knowsV2 ? options : options.withV0Nodes())) {
      Path work = proxy.repository("acme/app", 20);
      Command git = proxy.git("bob", version);
      git.run("git", "clone", "-q", proxy.url("acme/app.git"), "clone").expectSuccess();
      proxy.commit(work, "new", "new");
      proxy
          .git("alice", version)
          .in(work)
          .run("git", "push", "-q", proxy.url("acme/app"), "main")
          .expectSuccess();
      Path clone = folder.resolve("clone");
      git.in(clone).run("git", "fetch", "-q").expectSuccess();
      git.in(clone).run("git", "fsck", "--strict").expectSuccess();
      assertThat(git.in(clone).run("git", "rev-parse", "origin/main").out())
          .isEqualTo(git.in(work).run("git", "rev-parse", "main").out());
      assertThat(Files.exists(clone.resolve("file-0"))).isTrue();
    }
  }
}
