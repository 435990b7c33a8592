package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Repository;

/// Nodes of v0 that show a namespace, have a shallow repository or one of SHA-256: through the
/// translation their clients of v2 get what clients of v0 get from them.
@ExtendWith(Leaks.class)
final class OddNodesTest {
  @TempDir Path folder = Path.of("");

  @Test
  void a_namespace_is_all_that_there_is() throws IOException {
    try (var offered = new Offered(folder, node -> node.within("tenant"))) {
      Repository app = offered.repositories().sample("odd/app");
      String inside = "refs/namespaces/tenant/";
      app.point(inside + "refs/heads/trunk", "topic");
      app.point(inside + "refs/tags/v9", "v1.0");
      app.git().git("symbolic-ref", inside + "HEAD", inside + "refs/heads/trunk").expectSuccess();
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = offered.git("space-" + ssh);
        String through = offered.through(ssh, app.name());
        String direct = offered.node().url(app.name());
        assertThat(git.git("ls-remote", "--symref", through).output())
            .isEqualTo(git.protocol(0).git("ls-remote", "--symref", direct).output())
            .contains("ref: refs/heads/trunk\tHEAD")
            .doesNotContain("main");
        git.git("clone", "-q", through, "work").expectSuccess();
        assertThat(git.at("work").git("symbolic-ref", "HEAD").output())
            .isEqualTo("refs/heads/trunk");
        assertThat(git.at("work").id("HEAD")).isEqualTo(app.id("topic"));
      }
    }
  }

  @Test
  void a_shallow_node_makes_shallow_clients_and_deepens_as_far_as_it_can() throws IOException {
    try (var offered = new Offered(folder, UnaryOperator.identity())) {
      Repository whole = offered.repositories().sample("odd/whole");
      Path cut = offered.repositories().root().resolve("odd/cut.git");
      whole
          .git()
          .git(
              "clone",
              "-q",
              "--bare",
              "--depth",
              "4",
              "--no-single-branch",
              "--",
              "file://" + whole.folder(),
              cut.toString())
          .expectSuccess();
      GitRunner direct = offered.git("direct").protocol(0);
      same(direct, offered.node().url("odd/cut"), "--depth=2", "--deepen=1", "--unshallow");
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = offered.git("through-" + ssh);
        same(git, offered.through(ssh, "odd/cut"), "--depth=2", "--deepen=1", "--unshallow");
        for (int i = 0; i < 4; i++) {
          assertThat(Holdings.of(git.at("step" + i).directory()))
              .as("step %d", i)
              .isEqualTo(Holdings.of(direct.at("step" + i).directory()));
        }
      }
    }
  }

  @Test
  void a_depth_that_leaves_nothing_ends_the_fetch() {
    try (var offered = new Offered(folder, UnaryOperator.identity())) {
      Repository app = offered.repositories().sample("odd/none");
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = offered.git("none-" + ssh).limit(java.time.Duration.ofSeconds(20));
        git.git("clone", "-q", "--shallow-since=2030-01-01", offered.through(ssh, app.name()))
            .expectFailure();
      }
    }
  }

  @Test
  void sha256_is_cloned_in_part_and_made_whole() throws IOException {
    try (var offered = new Offered(folder, UnaryOperator.identity())) {
      Repository app = offered.repositories().sha256("odd/long");
      String[] steps = {"--depth=2", "--deepen=1", "--unshallow"};
      GitRunner direct = offered.git("direct").protocol(0);
      same(direct, offered.node().url(app.name()), steps);
      for (boolean ssh : new boolean[] {false, true}) {
        GitRunner git = offered.git("through-" + ssh);
        same(git, offered.through(ssh, app.name()), steps);
        for (int i = 0; i < 4; i++) {
          assertThat(objects(git.at("step" + i))).isEqualTo(objects(direct.at("step" + i)));
        }
      }
    }
  }

  // each step has a copy of its own: first a plain clone, then one that is deepened step by step
  private static void same(GitRunner git, String url, String... steps) {
    git.git("clone", "-q", "--mirror", url, "step0").expectSuccess();
    git.at("step0").git("fsck", "--strict").expectSuccess();
    git.git("clone", "-q", "--mirror", steps[0], url, "step1").expectSuccess();
    for (int i = 1; i < steps.length; i++) {
      git.program("cp", "-r", "step" + i, "step" + (i + 1)).run().expectSuccess();
      git.at("step" + (i + 1)).git("fetch", "-q", steps[i], "--update-shallow").expectSuccess();
    }
    for (int i = 1; i <= steps.length; i++) {
      git.at("step" + i).git("fsck", "--strict").expectSuccess();
    }
  }

  private static String objects(GitRunner git) {
    return git.git("cat-file", "--batch-all-objects", "--batch-check").output()
        + git.git("for-each-ref").output();
  }
}
