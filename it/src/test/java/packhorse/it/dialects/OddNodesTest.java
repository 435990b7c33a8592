package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;

/// v0 nodes with a namespace, with a shallow repository, or with a SHA-256 repository: through the
/// translation v2 clients get what v0 clients get at the node.
@ExtendWith(LeakDetector.class)
final class OddNodesTest {
  @TempDir Path folder = Path.of("");

  @Test
  void a_node_with_a_namespace_shows_only_that_namespace() throws IOException {
    try (var fixture = new TranslatingFixture(folder, node -> node.withNamespace("tenant"))) {
      Repository app = fixture.repositories().sample("odd/app");
      String namespace = "refs/namespaces/tenant/";
      app.updateRef(namespace + "refs/heads/trunk", "topic");
      app.updateRef(namespace + "refs/tags/v9", "v1.0");
      app.git()
          .run("symbolic-ref", namespace + "HEAD", namespace + "refs/heads/trunk")
          .expectSuccess();
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = fixture.git("space-" + ssh);
        String proxyUrl = fixture.proxyUrl(ssh, app.name());
        String directUrl = fixture.node().url(app.name());
        assertThat(git.run("ls-remote", "--symref", proxyUrl).output())
            .isEqualTo(git.protocol(0).run("ls-remote", "--symref", directUrl).output())
            .contains("ref: refs/heads/trunk\tHEAD")
            .doesNotContain("main");
        git.run("clone", "-q", proxyUrl, "work").expectSuccess();
        assertThat(git.at("work").run("symbolic-ref", "HEAD").output())
            .isEqualTo("refs/heads/trunk");
        assertThat(git.at("work").id("HEAD")).isEqualTo(app.id("topic"));
      }
    }
  }

  @Test
  void clones_of_a_shallow_node_are_shallow_and_deepen_to_its_boundary() throws IOException {
    try (var fixture = new TranslatingFixture(folder, UnaryOperator.identity())) {
      Repository complete = fixture.repositories().sample("odd/complete");
      Path shallow = fixture.repositories().root().resolve("odd/shallow.git");
      complete
          .git()
          .run(
              "clone",
              "-q",
              "--bare",
              "--depth",
              "4",
              "--no-single-branch",
              "--",
              "file://" + complete.folder(),
              shallow.toString())
          .expectSuccess();
      GitRunner direct = fixture.git("direct").protocol(0);
      cloneAndDeepen(
          direct, fixture.node().url("odd/shallow"), "--depth=2", "--deepen=1", "--unshallow");
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = fixture.git("through-" + ssh);
        cloneAndDeepen(
            git, fixture.proxyUrl(ssh, "odd/shallow"), "--depth=2", "--deepen=1", "--unshallow");
        for (int i = 0; i < 4; i++) {
          assertThat(RepositoryContents.read(git.at("step" + i).directory()))
              .as("step %d", i)
              .isEqualTo(RepositoryContents.read(direct.at("step" + i).directory()));
        }
      }
    }
  }

  @Test
  void a_clone_whose_depth_excludes_every_commit_fails() {
    try (var fixture = new TranslatingFixture(folder, UnaryOperator.identity())) {
      Repository app = fixture.repositories().sample("odd/none");
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = fixture.git("none-" + ssh).timeout(Duration.ofSeconds(20));
        git.run("clone", "-q", "--shallow-since=2030-01-01", fixture.proxyUrl(ssh, app.name()))
            .expectFailure();
      }
    }
  }

  @Test
  void a_sha256_repository_is_cloned_shallow_deepened_and_unshallowed() throws IOException {
    try (var fixture = new TranslatingFixture(folder, UnaryOperator.identity())) {
      Repository app = fixture.repositories().sha256("odd/long");
      String[] steps = {"--depth=2", "--deepen=1", "--unshallow"};
      GitRunner direct = fixture.git("direct").protocol(0);
      cloneAndDeepen(direct, fixture.node().url(app.name()), steps);
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = fixture.git("through-" + ssh);
        cloneAndDeepen(git, fixture.proxyUrl(ssh, app.name()), steps);
        for (int i = 0; i < 4; i++) {
          assertThat(objects(git.at("step" + i))).isEqualTo(objects(direct.at("step" + i)));
        }
      }
    }
  }

  // Each step has its own copy: first a full mirror clone, then a shallow one that is deepened step
  // by step.
  private static void cloneAndDeepen(GitRunner git, String url, String... steps) {
    git.run("clone", "-q", "--mirror", url, "step0").expectSuccess();
    git.at("step0").run("fsck", "--strict").expectSuccess();
    git.run("clone", "-q", "--mirror", steps[0], url, "step1").expectSuccess();
    for (int i = 1; i < steps.length; i++) {
      git.program("cp", "-r", "step" + i, "step" + (i + 1)).run().expectSuccess();
      git.at("step" + (i + 1)).run("fetch", "-q", steps[i], "--update-shallow").expectSuccess();
    }
    for (int i = 1; i <= steps.length; i++) {
      git.at("step" + i).run("fsck", "--strict").expectSuccess();
    }
  }

  private static String objects(GitRunner git) {
    return git.run("cat-file", "--batch-all-objects", "--batch-check").output()
        + git.run("for-each-ref").output();
  }
}
