package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Clones and fetches of whole histories. See [ClientMatrix].
@ParameterizedClass(name = "{0}")
@EnumSource
final class FetchMatrixTest extends ClientMatrix {
  @Ways
  void a_clone_has_every_ref_and_every_object(Way way) {
    Scene scene = sample(way);
    String trace = scene.trace("GIT_TRACE_PACKET", "clone", "-q", "--mirror", scene.url(), "copy");
    var copy = scene.git("copy");
    assertThat(Scene.refs(copy, "refs/")).isEqualTo(without(scene.repository().refs()));
    copy.git("fsck", "--strict").expectSuccess();
    int spoken = scene.address().spoken(way);
    assertThat(trace.contains("< version 1")).as("version 1").isEqualTo(spoken == 1);
    assertThat(trace.contains("< version 2")).as("version 2").isEqualTo(spoken == 2);
  }

  @Ways
  void the_transport_is_the_one_that_was_asked_for(Way way) {
    Scene scene = sample(way);
    if (!way.transport().http()) {
      assertThat(scene.url()).startsWith("ssh://");
      scene.git().git("ls-remote", scene.url()).expectSuccess();
      return;
    }
    String trace = scene.trace("GIT_TRACE_CURL", "clone", "-q", scene.url(), "copy");
    boolean second = way.transport() != Transport.HTTP1;
    assertThat(trace.contains("HTTP/2 200")).as("HTTP/2").isEqualTo(second);
    assertThat(trace.contains("HTTP/1.1 200")).as("HTTP/1.1").isEqualTo(!second);
  }

  @Ways
  void a_list_of_refs_shows_symrefs_and_peeled_tags(Way way) {
    Scene scene = sample(way);
    var app = scene.repository();
    var all = scene.git().git("ls-remote", "--symref", scene.url()).lines();
    assertThat(all)
        .contains("ref: refs/heads/main\tHEAD", app.id("v1.0^{}") + "\trefs/tags/v1.0^{}")
        .contains(app.id("v1.0") + "\trefs/tags/v1.0");
    assertThat(scene.git().git("ls-remote", scene.url(), "refs/heads/topic").lines())
        .containsExactly(app.id("topic") + "\trefs/heads/topic");
  }

  @Ways
  void a_clone_checks_out_the_branch_that_head_names_though_another_is_at_the_same_commit(Way way) {
    Scene scene = scene(way, address().repositories().sampleOnDevelop(name(way)));
    assertThat(scene.cloned().git("symbolic-ref", "HEAD").output()).isEqualTo("refs/heads/develop");
    scene.repository().git().git("symbolic-ref", "HEAD", "refs/heads/main").expectSuccess();
    scene.git().git("clone", "-q", scene.url(), "again").expectSuccess();
    assertThat(scene.git("again").git("symbolic-ref", "HEAD").output())
        .isEqualTo("refs/heads/main");
  }

  @Ways
  void a_clone_of_one_branch_has_its_tags_only(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned("--single-branch", "--branch", "topic");
    assertThat(Scene.refs(work, "refs/remotes/origin/").keySet()).containsExactly("topic");
    assertThat(Scene.refs(work, "refs/tags/").keySet()).containsExactly("v1.0");
  }

  @Ways
  void a_fetch_brings_what_is_new(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    String id = scene.repository().commit("main", "new.txt", "new\n");
    scene.repository().point("refs/heads/fresh", "topic");
    scene.repository().git().git("update-ref", "-d", "refs/heads/develop").expectSuccess();
    work.git("fetch", "-q", "--prune").expectSuccess();
    assertThat(work.id("origin/main")).isEqualTo(id);
    assertThat(Scene.refs(work, "refs/remotes/origin/").keySet())
        .containsExactly("fresh", "main", "topic");
    work.git("fetch").expectSuccess();
  }

  @Ways
  void a_fetch_follows_a_branch_that_was_forced(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    scene.repository().point("refs/heads/main", "main~3");
    String id = scene.repository().commit("main", "other.txt", "other\n");
    work.git("fetch", "-q").expectSuccess();
    assertThat(work.id("origin/main")).isEqualTo(id);
    assertThat(Scene.commits(work, "origin/main")).isEqualTo(6);
  }

  @Ways
  void a_fetch_agrees_on_what_is_common_in_many_rounds(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    var own = new Repository("work", work.directory(), work);
    try (History history = History.into(own, true)) {
      for (int i = 0; i < 300; i++) history.commit("refs/heads/main", "mine.txt", "mine " + i);
    }
    String id = scene.repository().commit("main", "theirs.txt", "theirs\n");
    work.git("fetch", "-q").expectSuccess();
    assertThat(work.id("origin/main")).isEqualTo(id);
    assertThat(work.git("merge-base", "main", "origin/main").output())
        .isEqualTo(work.id(id + "~1"));
  }

  @Ways
  void a_fetch_without_a_common_commit_brings_all(Way way) {
    Scene scene = sample(way);
    scene.git().git("init", "-q", "work").expectSuccess();
    var work = scene.git("work");
    work.commit("mine.txt", "mine\n");
    work.git("fetch", "-q", scene.url(), "main").expectSuccess();
    assertThat(Scene.commits(work, "FETCH_HEAD")).isEqualTo(8);
  }

  @Ways
  void a_fetch_of_a_bare_id_brings_that_commit(Way way) {
    Scene scene = sample(way, "uploadpack.allowAnySHA1InWant=true");
    String id = scene.repository().id("main~3");
    scene.git().git("init", "-q", "work").expectSuccess();
    var work = scene.git("work");
    work.git(
            "fetch",
            "-q",
            "--no-tags",
            "--depth=1",
            scene.url(),
            "+" + id + ":refs/remotes/origin/wanted")
        .expectSuccess();
    assertThat(work.id("refs/remotes/origin/wanted")).isEqualTo(id);
    assertThat(Scene.commits(work, id)).isEqualTo(1);
  }

  @Ways
  void a_fetch_of_an_id_that_is_nowhere_is_refused(Way way) {
    Scene scene = sample(way, "uploadpack.allowAnySHA1InWant=true");
    var work = scene.cloned();
    assertThat(work.git("fetch", "origin", "1".repeat(40)).expectExit(128).stderr())
        .contains("not our ref");
  }

  @Ways
  void tags_follow_the_commits_that_are_fetched(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned("--no-tags");
    work.git("config", "--unset", "remote.origin.tagOpt").expectSuccess();
    scene.repository().commit("main", "new.txt", "new\n");
    try (History history = History.into(scene.repository(), true)) {
      history.tag("v3.0", "refs/heads/main^0");
    }
    work.git("fetch", "-q", "origin", "main:refs/remotes/origin/main").expectSuccess();
    assertThat(work.id("v3.0")).isEqualTo(scene.repository().id("v3.0"));
  }

  @Ways
  void an_empty_repository_is_cloned_and_takes_a_first_push(Way way) {
    Scene scene = scene(way, address().repositories().empty(name(way)));
    assertThat(scene.git().git("clone", scene.url(), "work").expectSuccess().stderr())
        .contains("empty repository");
    assertThat(scene.git().git("ls-remote", scene.url()).output()).isEmpty();
    String id = scene.git("work").commit("first.txt", "first\n");
    scene.git("work").git("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(scene.repository().refs()).isEqualTo(Map.of("refs/heads/main", id));
  }

  @Ways
  void two_thousand_refs_are_listed_and_cloned(Way way) {
    Scene scene = scene(way, address().repositories().manyRefs(name(way), 2_000));
    assertThat(scene.patiently(scene.git(), "ls-remote", "--heads", scene.url()).lines())
        .hasSize(2_003);
    scene.patiently(scene.git(), "clone", "-q", scene.url(), "work");
    var work = scene.git("work");
    assertThat(Scene.refs(work, "refs/remotes/origin/")).hasSize(2_003);
    scene.repository().commit("many/1000", "new.txt", "new\n");
    scene.patiently(work, "fetch", "-q");
    assertThat(work.id("origin/many/1000"))
        .isEqualTo(scene.repository().id("refs/heads/many/1000"));
  }

  @Ways
  void a_sha256_repository_is_cloned_fetched_and_pushed_to(Way way) {
    Scene scene = scene(way, address().repositories().sha256(name(way)));
    var work = scene.cloned();
    assertThat(work.git("rev-parse", "--show-object-format").output()).isEqualTo("sha256");
    scene.repository().commit("topic", "new.txt", "new\n");
    work.git("fetch", "-q").expectSuccess();
    assertThat(work.id("origin/topic")).isEqualTo(scene.repository().id("topic")).hasSize(64);
    String id = work.commit("mine.txt", "mine\n");
    work.git("push", "-q", "origin", "HEAD:refs/heads/main", ":refs/heads/develop").expectSuccess();
    assertThat(scene.repository().id("main")).isEqualTo(id);
  }

  @Ways
  void an_archive_is_made_by_the_node(Way way) {
    Assumptions.assumeTrue(
        !way.transport().http() || GitRunner.version() >= 244,
        "this git makes archives over SSH only");
    Scene scene = sample(way);
    scene.repository().set("uploadarchive.allowUnreachable", "true");
    scene.git().git("archive", "--remote=" + scene.url(), "-o", "app.tar", "v1.0").expectSuccess();
    assertThat(scene.git().program("tar", "tf", "app.tar").run().lines())
        .contains("README.md", "src/a.txt", "src/b.txt")
        .doesNotContain("src/d.txt");
  }

  @Ways
  void a_repository_that_is_not_there_is_refused(Way way) {
    Scene scene = sample(way);
    String url = address().url(way.transport(), "matrix/nothing-here");
    assertThat(scene.git().git("ls-remote", url).expectExit(128).stderr()).isNotBlank();
  }

  private static Map<String, String> without(Map<String, String> refs) {
    var shortNames = new TreeMap<String, String>();
    refs.forEach((name, id) -> shortNames.put(name.substring("refs/".length()), id));
    return shortNames;
  }
}
