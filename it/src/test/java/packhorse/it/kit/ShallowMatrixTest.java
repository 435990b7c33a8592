package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Clones and fetches of parts: shallow and partial. See [ClientMatrix].
@ParameterizedClass(name = "{0}")
@EnumSource
final class ShallowMatrixTest extends ClientMatrix {
  @Ways
  void a_shallow_clone_has_one_commit(Way way) {
    var work = sample(way).cloned("--depth", "1", "--branch", "main");
    assertThat(Scene.commits(work, "HEAD")).isEqualTo(1);
    assertThat(Scene.shallow(work)).isEqualTo(1);
    work.git("fsck").expectSuccess();
  }

  @Ways
  void a_shallow_clone_is_deepened_by_commits_and_by_depth(Way way) {
    // Without tags: git fetches those of v0 and v1 in a second request, which deepens once more.
    var work = sample(way).cloned("--depth", "1", "--branch", "main", "--no-tags");
    work.git("fetch", "-q", "--deepen", "2").expectSuccess();
    assertThat(Scene.commits(work, "HEAD")).isEqualTo(3);
    work.git("fetch", "-q", "--depth", "5").expectSuccess();
    assertThat(Scene.commits(work, "HEAD")).isEqualTo(5);
    assertThat(Scene.shallow(work)).isEqualTo(1);
  }

  @Ways
  void a_shallow_clone_is_deepened_by_date_and_as_far_as_a_tag(Way way) {
    var work = sample(way).cloned("--shallow-since", "2026-01-02T03:13:00Z", "--branch", "main");
    int since = Scene.commits(work, "HEAD");
    assertThat(since).isBetween(1, 7);
    work.git("fetch", "-q", "--shallow-exclude", "v1.0", "origin").expectSuccess();
    assertThat(Scene.commits(work, "HEAD")).isEqualTo(5);
  }

  @Ways
  void a_shallow_clone_is_made_whole(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned("--depth", "2", "--branch", "main");
    assertThat(Scene.shallow(work)).isEqualTo(1);
    work.git("fetch", "-q", "--unshallow").expectSuccess();
    assertThat(Scene.commits(work, "HEAD")).isEqualTo(8);
    assertThat(Scene.shallow(work)).isZero();
  }

  @Ways
  void a_shallow_clone_fetches_and_pushes_what_is_new(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned("--depth", "1", "--branch", "main");
    String theirs = scene.repository().commit("main", "theirs.txt", "theirs\n");
    work.git("fetch", "-q").expectSuccess();
    assertThat(work.id("origin/main")).isEqualTo(theirs);
    String mine = work.commit("mine.txt", "mine\n");
    work.git("push", "-q", "origin", "HEAD:refs/heads/mine").expectSuccess();
    assertThat(scene.repository().id("mine")).isEqualTo(mine);
    scene.repository().fsck();
  }

  @Ways
  void a_partial_clone_fetches_what_it_lacks_when_it_is_wanted(Way way) {
    Scene scene = sample(way, "uploadpack.allowAnySHA1InWant=true");
    var work = scene.cloned("--filter=blob:none", "--no-checkout");
    assertThat(missing(work)).isPositive();
    work.git("checkout", "-q", "main").expectSuccess();
    assertThat(work.git("cat-file", "-p", "main~5:src/a.txt").output()).isEqualTo("a");
    assertThat(work.git("status", "--porcelain").output()).isEmpty();
  }

  @Ways
  void a_partial_clone_without_trees_fetches_and_grows(Way way) {
    Scene scene = sample(way, "uploadpack.allowAnySHA1InWant=true");
    var work = scene.cloned("--filter=tree:0");
    String id = scene.repository().commit("main", "src/deep/new.txt", "new\n");
    work.git("fetch", "-q").expectSuccess();
    assertThat(work.id("origin/main")).isEqualTo(id);
    assertThat(work.git("show", "origin/main:src/deep/new.txt").output()).isEqualTo("new");
  }

  private static long missing(GitRunner work) {
    return work.git("rev-list", "--objects", "--all", "--missing=print").lines().stream()
        .filter(line -> line.startsWith("?"))
        .count();
  }
}
