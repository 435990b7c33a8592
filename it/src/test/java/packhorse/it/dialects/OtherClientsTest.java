package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Command;

/// Clients other than git at a v0 node, with which they use protocol v2: JGit over HTTP and SSH,
/// dulwich and go-git over HTTP if they are installed.
///
/// `-Dpackhorse.dulwich=/path/of/python` names an interpreter with dulwich, `-Dpackhorse.go-git=`
/// the binary that was built in `it/clients/go-git`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class OtherClientsTest {
  private final Path folder;
  private final TranslatingFixture fixture;

  OtherClientsTest(@TempDir Path folder) {
    this.folder = folder;
    fixture = new TranslatingFixture(folder, UnaryOperator.identity());
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  /// A program that takes the arguments `clone URL FOLDER [DEPTH]` or `fetch URL FOLDER`.
  enum Program {
    DULWICH,
    GO_GIT;

    /// Returns the command of the program; empty if it is not installed.
    Optional<List<String>> command() {
      String property = "packhorse." + name().toLowerCase(Locale.ROOT).replace('_', '-');
      Optional<String> path = Optional.ofNullable(System.getProperty(property));
      String script = Path.of("clients/with_dulwich.py").toAbsolutePath().toString();
      return path.map(
          executable -> this == DULWICH ? List.of(executable, script) : List.of(executable));
    }
  }

  @ParameterizedTest
  @EnumSource
  void other_clients_clone_completely_and_shallowly_and_fetch(Program program) throws Exception {
    Assumptions.assumeTrue(
        program.command().isPresent(), program + ": its system property is not set");
    Repository app = fixture.repositories().sample("others/" + program);
    String url = fixture.proxy().httpUrl(app.name());
    GitRunner git = GitRunner.in(folder.resolve(program.name()));
    run(program, git, "clone", url, "full");
    run(program, git, "clone", url, "shallow", "1");
    assertThat(commitCount(git.at("full"), app.id("main"))).isEqualTo(8);
    assertThat(commitCount(git.at("shallow"), app.id("main"))).isEqualTo(1);
    String id = app.commit("main", "new.txt", "new\n");
    run(program, git, "fetch", url, "full");
    assertThat(commitCount(git.at("full"), id)).isEqualTo(9);
    for (String clone : List.of("full", "shallow")) {
      git.at(clone).run("fsck", "--strict").expectSuccess();
    }
    assertThat(fixture.node().gitErrors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jgit_clones_and_fetches(boolean ssh) throws Exception {
    Repository app = fixture.repositories().sample("others/jgit-" + ssh);
    String url = fixture.proxyUrl(ssh, app.name());
    Path ownFolder = Files.createDirectories(folder.resolve("jgit-" + ssh));
    GitRunner git = GitRunner.in(ownFolder);
    try (JGitClient jgit = JGitClient.withKey(ownFolder, fixture.key());
        Git clone = jgit.clone(url, ownFolder.resolve("full"))) {
      assertThat(clone.getRepository().getFullBranch()).isEqualTo("refs/heads/main");
      String id = app.commit("main", "new.txt", "new\n");
      jgit.fetch(clone);
      assertThat(commitCount(git.at("full"), id)).isEqualTo(9);
      jgit.fetch(clone, "refs/heads/topic:refs/heads/mine");
      assertThat(git.at("full").id("mine")).isEqualTo(app.id("topic"));
    }
    git.at("full").run("fsck", "--strict").expectSuccess();
    assertThat(fixture.node().gitErrors()).isEmpty();
  }

  private static void run(Program program, GitRunner git, String... arguments) {
    List<String> argv = new ArrayList<>(program.command().orElseThrow());
    argv.addAll(List.of(arguments));
    Command command = git.program(argv.toArray(String[]::new));
    command.run().expectSuccess();
  }

  private static int commitCount(GitRunner git, String id) {
    return Integer.parseInt(git.run("rev-list", "--count", id).output());
  }
}
