package packhorse.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.GitRunner;

/// Tests shallow and partial clones and fetches, as described in [ClientMatrix]. The branch `main`
/// of the sample repository has eight commits; the tag `v1.0` is on the third.
@ParameterizedClass(name = "{0}")
@EnumSource
final class ShallowMatrixTest extends ClientMatrix {
  @ForEachProtocol
  void a_shallow_clone_has_one_commit(ClientProtocol protocol) {
    var clone = sample(protocol).gitClone("--depth", "1", "--branch", "main");
    assertThat(MatrixCase.commitCount(clone, "HEAD")).isEqualTo(1);
    assertThat(MatrixCase.shallowCount(clone)).isEqualTo(1);
    clone.run("fsck").expectSuccess();
  }

  @ForEachProtocol
  void a_shallow_clone_is_deepened_by_commits_and_by_depth(ClientProtocol protocol) {
    // Without tags, because in protocol v0 and v1 git fetches them in a second request, which
    // deepens the clone once more.
    var clone = sample(protocol).gitClone("--depth", "1", "--branch", "main", "--no-tags");
    clone.run("fetch", "-q", "--deepen", "2").expectSuccess();
    assertThat(MatrixCase.commitCount(clone, "HEAD")).isEqualTo(3);
    clone.run("fetch", "-q", "--depth", "5").expectSuccess();
    assertThat(MatrixCase.commitCount(clone, "HEAD")).isEqualTo(5);
    assertThat(MatrixCase.shallowCount(clone)).isEqualTo(1);
  }

  @ForEachProtocol
  void a_shallow_clone_is_deepened_by_date_and_up_to_a_tag(ClientProtocol protocol) {
    var clone =
        sample(protocol).gitClone("--shallow-since", "2026-01-02T03:13:00Z", "--branch", "main");
    assertThat(MatrixCase.commitCount(clone, "HEAD")).isBetween(1, 7);
    clone.run("fetch", "-q", "--shallow-exclude", "v1.0", "origin").expectSuccess();
    assertThat(MatrixCase.commitCount(clone, "HEAD")).isEqualTo(5);
  }

  @ForEachProtocol
  void a_shallow_clone_is_unshallowed(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone("--depth", "2", "--branch", "main");
    assertThat(MatrixCase.shallowCount(clone)).isEqualTo(1);
    clone.run("fetch", "-q", "--unshallow").expectSuccess();
    assertThat(MatrixCase.commitCount(clone, "HEAD")).isEqualTo(8);
    assertThat(MatrixCase.shallowCount(clone)).isZero();
  }

  @ForEachProtocol
  void a_shallow_clone_fetches_and_pushes_new_commits(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone("--depth", "1", "--branch", "main");
    String remoteCommit = testCase.repository().commit("main", "theirs.txt", "theirs\n");
    clone.run("fetch", "-q").expectSuccess();
    assertThat(clone.id("origin/main")).isEqualTo(remoteCommit);
    String localCommit = clone.commit("mine.txt", "mine\n");
    clone.run("push", "-q", "origin", "HEAD:refs/heads/mine").expectSuccess();
    assertThat(testCase.repository().id("mine")).isEqualTo(localCommit);
    testCase.repository().fsck();
  }

  @ForEachProtocol
  void a_partial_clone_fetches_missing_objects_on_demand(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol, "uploadpack.allowAnySHA1InWant=true");
    var clone = testCase.gitClone("--filter=blob:none", "--no-checkout");
    assertThat(missingObjects(clone)).isPositive();
    clone.run("checkout", "-q", "main").expectSuccess();
    assertThat(clone.run("cat-file", "-p", "main~5:src/a.txt").output()).isEqualTo("a");
    assertThat(clone.run("status", "--porcelain").output()).isEmpty();
  }

  @ForEachProtocol
  void a_treeless_partial_clone_fetches_new_commits_and_their_files(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol, "uploadpack.allowAnySHA1InWant=true");
    var clone = testCase.gitClone("--filter=tree:0");
    String id = testCase.repository().commit("main", "src/deep/new.txt", "new\n");
    clone.run("fetch", "-q").expectSuccess();
    assertThat(clone.id("origin/main")).isEqualTo(id);
    assertThat(clone.run("show", "origin/main:src/deep/new.txt").output()).isEqualTo("new");
  }

  private static long missingObjects(GitRunner clone) {
    return clone.run("rev-list", "--objects", "--all", "--missing=print").lines().stream()
        .filter(line -> line.startsWith("?"))
        .count();
  }
}
