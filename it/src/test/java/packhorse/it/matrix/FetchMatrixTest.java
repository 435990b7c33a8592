package packhorse.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.FastImporter;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;

/// Clones, fetches, lists of refs and archives; [ShallowMatrixTest] has those of shallow and
/// partial clones. The expected numbers of commits and refs are those of
/// `packhorse.it.kit.git.Repositories#sample`. See [ClientMatrix].
@ParameterizedClass(name = "{0}")
@EnumSource
final class FetchMatrixTest extends ClientMatrix {
  @ForEachProtocol
  void a_clone_has_every_ref_and_every_object(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    String trace =
        testCase.trace("GIT_TRACE_PACKET", "clone", "-q", "--mirror", testCase.url(), "copy");
    var mirror = testCase.git("copy");
    assertThat(MatrixCase.refs(mirror, "refs/"))
        .isEqualTo(withoutRefsPrefix(testCase.repository().refs()));
    mirror.run("fsck", "--strict").expectSuccess();
    int version = testCase.target().effectiveVersion(protocol);
    assertThat(trace.contains("< version 1")).as("version 1").isEqualTo(version == 1);
    assertThat(trace.contains("< version 2")).as("version 2").isEqualTo(version == 2);
  }

  @ForEachProtocol
  void git_uses_the_transport_that_the_test_chose(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    if (!protocol.transport().isHttp()) {
      assertThat(testCase.url()).startsWith("ssh://");
      testCase.git().run("ls-remote", testCase.url()).expectSuccess();
      return;
    }
    String trace = testCase.trace("GIT_TRACE_CURL", "clone", "-q", testCase.url(), "copy");
    boolean http2 = protocol.transport() == GitTransport.H2_TLS;
    assertThat(trace.contains("=> Send header: Upgrade: h2c"))
        .as("Upgrade")
        .isEqualTo(protocol.transport() == GitTransport.H2C);
    assertThat(trace.contains("HTTP/2 200")).as("HTTP/2").isEqualTo(http2);
    assertThat(trace.contains("HTTP/1.1 200")).as("HTTP/1.1").isEqualTo(!http2);
  }

  @ForEachProtocol
  void a_list_of_refs_shows_symrefs_and_peeled_tags(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var repository = testCase.repository();
    var refs = testCase.git().run("ls-remote", "--symref", testCase.url()).lines();
    assertThat(refs)
        .contains("ref: refs/heads/main\tHEAD", repository.id("v1.0^{}") + "\trefs/tags/v1.0^{}")
        .contains(repository.id("v1.0") + "\trefs/tags/v1.0");
    assertThat(testCase.git().run("ls-remote", testCase.url(), "refs/heads/topic").lines())
        .containsExactly(repository.id("topic") + "\trefs/heads/topic");
  }

  @ForEachProtocol
  void a_clone_checks_out_the_branch_that_head_names_though_another_is_at_the_same_commit(
      ClientProtocol protocol) {
    MatrixCase testCase =
        testCase(protocol, target().repositories().sampleOnDevelop(uniqueName(protocol)));
    assertThat(testCase.gitClone().run("symbolic-ref", "HEAD").output())
        .isEqualTo("refs/heads/develop");
    testCase.repository().git().run("symbolic-ref", "HEAD", "refs/heads/main").expectSuccess();
    testCase.git().run("clone", "-q", testCase.url(), "again").expectSuccess();
    assertThat(testCase.git("again").run("symbolic-ref", "HEAD").output())
        .isEqualTo("refs/heads/main");
  }

  @ForEachProtocol
  void a_clone_of_one_branch_has_only_the_tags_on_that_branch(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone("--single-branch", "--branch", "topic");
    assertThat(MatrixCase.refs(clone, "refs/remotes/origin/").keySet()).containsExactly("topic");
    assertThat(MatrixCase.refs(clone, "refs/tags/").keySet()).containsExactly("v1.0");
  }

  @ForEachProtocol
  void a_fetch_updates_creates_and_prunes_remote_branches(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    String id = testCase.repository().commit("main", "new.txt", "new\n");
    testCase.repository().updateRef("refs/heads/fresh", "topic");
    testCase.repository().git().run("update-ref", "-d", "refs/heads/develop").expectSuccess();
    clone.run("fetch", "-q", "--prune").expectSuccess();
    assertThat(clone.id("origin/main")).isEqualTo(id);
    assertThat(MatrixCase.refs(clone, "refs/remotes/origin/").keySet())
        .containsExactly("fresh", "main", "topic");
    // A fetch that finds nothing new.
    clone.run("fetch").expectSuccess();
  }

  @ForEachProtocol
  void a_fetch_follows_a_force_pushed_branch(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    testCase.repository().updateRef("refs/heads/main", "main~3");
    String id = testCase.repository().commit("main", "other.txt", "other\n");
    clone.run("fetch", "-q").expectSuccess();
    assertThat(clone.id("origin/main")).isEqualTo(id);
    assertThat(MatrixCase.commitCount(clone, "origin/main")).isEqualTo(6);
  }

  @ForEachProtocol
  void a_fetch_negotiates_common_commits_in_many_rounds(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    var cloneRepository = new Repository("work", clone.directory(), clone);
    try (FastImporter history = FastImporter.open(cloneRepository, true)) {
      for (int i = 0; i < 300; i++) history.commit("refs/heads/main", "local.txt", "local " + i);
    }
    String id = testCase.repository().commit("main", "theirs.txt", "theirs\n");
    clone.run("fetch", "-q").expectSuccess();
    assertThat(clone.id("origin/main")).isEqualTo(id);
    assertThat(clone.run("merge-base", "main", "origin/main").output())
        .isEqualTo(clone.id(id + "~1"));
  }

  @ForEachProtocol
  void a_fetch_without_common_commits_receives_the_whole_history(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    testCase.git().run("init", "-q", "work").expectSuccess();
    var clone = testCase.git("work");
    clone.commit("local.txt", "mine\n");
    clone.run("fetch", "-q", testCase.url(), "main").expectSuccess();
    assertThat(MatrixCase.commitCount(clone, "FETCH_HEAD")).isEqualTo(8);
  }

  @ForEachProtocol
  void a_fetch_by_object_id_receives_that_commit(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol, "uploadpack.allowAnySHA1InWant=true");
    String id = testCase.repository().id("main~3");
    testCase.git().run("init", "-q", "work").expectSuccess();
    var clone = testCase.git("work");
    clone
        .run(
            "fetch",
            "-q",
            "--no-tags",
            "--depth=1",
            testCase.url(),
            "+" + id + ":refs/remotes/origin/wanted")
        .expectSuccess();
    assertThat(clone.id("refs/remotes/origin/wanted")).isEqualTo(id);
    assertThat(MatrixCase.commitCount(clone, id)).isEqualTo(1);
  }

  @ForEachProtocol
  void a_fetch_of_an_unknown_object_id_is_refused(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol, "uploadpack.allowAnySHA1InWant=true");
    var clone = testCase.gitClone();
    assertThat(clone.run("fetch", "origin", "1".repeat(40)).expectExit(128).stderr())
        .contains("not our ref");
  }

  @ForEachProtocol
  void tags_follow_the_commits_that_are_fetched(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone("--no-tags");
    // "clone --no-tags" configures it; with it, a fetch would not follow tags either.
    clone.run("config", "--unset", "remote.origin.tagOpt").expectSuccess();
    testCase.repository().commit("main", "new.txt", "new\n");
    try (FastImporter history = FastImporter.open(testCase.repository(), true)) {
      history.tag("v3.0", "refs/heads/main^0");
    }
    clone.run("fetch", "-q", "origin", "main:refs/remotes/origin/main").expectSuccess();
    assertThat(clone.id("v3.0")).isEqualTo(testCase.repository().id("v3.0"));
  }

  @ForEachProtocol
  void an_empty_repository_is_cloned_and_accepts_a_first_push(ClientProtocol protocol) {
    MatrixCase testCase = testCase(protocol, target().repositories().empty(uniqueName(protocol)));
    assertThat(testCase.git().run("clone", testCase.url(), "work").expectSuccess().stderr())
        .contains("empty repository");
    assertThat(testCase.git().run("ls-remote", testCase.url()).output()).isEmpty();
    String id = testCase.git("work").commit("first.txt", "first\n");
    testCase.git("work").run("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(testCase.repository().refs()).isEqualTo(Map.of("refs/heads/main", id));
  }

  @ForEachProtocol
  void two_thousand_refs_are_listed_and_cloned(ClientProtocol protocol) {
    MatrixCase testCase =
        testCase(protocol, target().repositories().manyRefs(uniqueName(protocol), 2_000));
    // The sample has three branches of its own.
    assertThat(testCase.git().run("ls-remote", "--heads", testCase.url()).lines()).hasSize(2_003);
    var clone = testCase.gitClone();
    assertThat(MatrixCase.refs(clone, "refs/remotes/origin/")).hasSize(2_003);
    testCase.repository().commit("many/1000", "new.txt", "new\n");
    clone.run("fetch", "-q").expectSuccess();
    assertThat(clone.id("origin/many/1000"))
        .isEqualTo(testCase.repository().id("refs/heads/many/1000"));
  }

  @ForEachProtocol
  void a_sha256_repository_is_cloned_fetched_and_pushed_to(ClientProtocol protocol) {
    MatrixCase testCase = testCase(protocol, target().repositories().sha256(uniqueName(protocol)));
    var clone = testCase.gitClone();
    assertThat(clone.run("rev-parse", "--show-object-format").output()).isEqualTo("sha256");
    testCase.repository().commit("topic", "new.txt", "new\n");
    clone.run("fetch", "-q").expectSuccess();
    assertThat(clone.id("origin/topic")).isEqualTo(testCase.repository().id("topic")).hasSize(64);
    String id = clone.commit("local.txt", "mine\n");
    clone
        .run("push", "-q", "origin", "HEAD:refs/heads/main", ":refs/heads/develop")
        .expectSuccess();
    assertThat(testCase.repository().id("main")).isEqualTo(id);
  }

  @ForEachProtocol
  void an_archive_is_made_by_the_node(ClientProtocol protocol) {
    Assumptions.assumeTrue(
        !protocol.transport().isHttp() || GitRunner.version() >= 244,
        "this git makes archives over SSH only");
    MatrixCase testCase = sample(protocol);
    testCase.repository().config("uploadarchive.allowUnreachable", "true");
    testCase
        .git()
        .run("archive", "--remote=" + testCase.url(), "-o", "app.tar", "v1.0")
        .expectSuccess();
    assertThat(testCase.git().program("tar", "tf", "app.tar").run().lines())
        .contains("README.md", "src/a.txt", "src/b.txt")
        .doesNotContain("src/d.txt");
  }

  @ForEachProtocol
  void a_missing_repository_is_refused(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    String url = target().url(protocol.transport(), "matrix/nothing-here");
    assertThat(testCase.git().run("ls-remote", url).expectExit(128).stderr()).isNotBlank();
  }

  private static Map<String, String> withoutRefsPrefix(Map<String, String> refs) {
    var shortNames = new TreeMap<String, String>();
    refs.forEach((name, id) -> shortNames.put(name.substring("refs/".length()), id));
    return shortNames;
  }
}
