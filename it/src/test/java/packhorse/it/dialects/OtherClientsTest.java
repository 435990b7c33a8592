package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.Command;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Repository;

/// Clients that are not git, at a node of v0 to which they speak v2: JGit over HTTP and SSH,
/// dulwich and go-git over HTTP where this machine has them.
///
/// `-Dpackhorse.dulwich=/path/of/python` names an interpreter with dulwich, `-Dpackhorse.go-git=`
/// what was built in `it/clients/go-git`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class OtherClientsTest {
  private final Path folder;
  private final Offered offered;

  OtherClientsTest(@TempDir Path folder) {
    this.folder = folder;
    offered = new Offered(folder, UnaryOperator.identity());
  }

  @AfterAll
  void stop() {
    offered.close();
  }

  /// A program that is called with `clone URL FOLDER [DEPTH]` or `fetch URL FOLDER`.
  enum Program {
    DULWICH,
    GO_GIT;

    /// How it is called; empty where it is not.
    Optional<List<String>> argv() {
      String property = "packhorse." + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      Optional<String> path = Optional.ofNullable(System.getProperty(property));
      String script = Path.of("clients/with_dulwich.py").toAbsolutePath().toString();
      return path.map(at -> this == DULWICH ? List.of(at, script) : List.of(at));
    }
  }

  @ParameterizedTest
  @EnumSource
  void another_program_clones_whole_and_in_part_and_fetches(Program program) throws Exception {
    Assumptions.assumeTrue(program.argv().isPresent(), program + " is not named by its property");
    Repository app = offered.repositories().sample("others/" + program);
    String url = offered.proxy().http(app.name());
    GitRunner git = GitRunner.in(folder.resolve(program.name()));
    called(program, git, "clone", url, "whole");
    called(program, git, "clone", url, "part", "1");
    assertThat(commits(git.at("whole"), app.id("main"))).isEqualTo(8);
    assertThat(commits(git.at("part"), app.id("main"))).isEqualTo(1);
    String id = app.commit("main", "new.txt", "new\n");
    called(program, git, "fetch", url, "whole");
    assertThat(commits(git.at("whole"), id)).isEqualTo(9);
    for (String clone : List.of("whole", "part")) {
      git.at(clone).git("fsck", "--strict").expectSuccess();
    }
    assertThat(offered.node().complaints()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jgit_clones_whole_and_in_part_and_fetches(boolean ssh) throws Exception {
    Repository app = offered.repositories().sample("others/jgit-" + ssh);
    String url = offered.through(ssh, app.name());
    Path own = Files.createDirectories(folder.resolve("jgit-" + ssh));
    GitRunner git = GitRunner.in(own);
    try (JGitClient jgit = JGitClient.key(own, offered.key());
        Git clone = jgit.clone(url, own.resolve("whole"))) {
      assertThat(clone.getRepository().getFullBranch()).isEqualTo("refs/heads/main");
      String id = app.commit("main", "new.txt", "new\n");
      jgit.fetch(clone);
      assertThat(commits(git.at("whole"), id)).isEqualTo(9);
      jgit.fetch(clone, "refs/heads/topic:refs/heads/mine");
      assertThat(git.at("whole").id("mine")).isEqualTo(app.id("topic"));
    }
    git.at("whole").git("fsck", "--strict").expectSuccess();
    assertThat(offered.node().complaints()).isEmpty();
  }

  private static void called(Program program, GitRunner git, String... arguments) {
    List<String> argv = new ArrayList<>(program.argv().orElseThrow());
    argv.addAll(List.of(arguments));
    Command command = git.program(argv.toArray(String[]::new));
    command.run().expectSuccess();
  }

  private static int commits(GitRunner git, String id) {
    return Integer.parseInt(git.git("rev-list", "--count", id).output());
  }
}
