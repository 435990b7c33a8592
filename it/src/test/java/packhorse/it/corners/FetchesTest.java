package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Transport;

/// Corners 7, 13, 14, 19, 20 and 21: what git asks for, and how often.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class FetchesTest {
  private final Stage stage;

  FetchesTest(@TempDir Path folder) {
    stage = Stage.of(folder, 2);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_v2_fetch_is_answered_in_one_go_without_done(Transport transport) throws IOException {
    Repository app = stage.repositories().sample("done/" + transport);
    GitRunner work = stage.cloned(transport, app.name(), "done-" + transport).protocol(2);
    String id = app.commit("main", "new", "text");
    String trace = traced(work, "fetch", "-q");
    assertThat(trace).contains("< ready", "< packfile").doesNotContain("> done");
    assertThat(work.id("origin/main")).isEqualTo(id);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_v0_shallow_clone_first_asks_for_the_shallow_list_alone(Transport transport) {
    Repository app = stage.repositories().sample("shallow/" + transport);
    stage.forget();
    GitRunner git = stage.equip(transport, stage.git("shallow-" + transport)).protocol(0);
    git.git("clone", "-q", "--depth", "2", stage.url(transport, app.name()), "work")
        .expectSuccess();
    assertThat(commits(git.at("work"))).isEqualTo(2);
    var asked = stage.heard(SeenRequest::fetchPost);
    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst().bytesOut()).isLessThan(100);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void a_depth_that_leaves_nothing_ends_the_fetch(Transport transport, int version) {
    Repository app = stage.repositories().sample("none/" + transport + version);
    GitRunner git = stage.equip(transport, stage.git("none-" + transport + version));
    String url = stage.url(transport, app.name());
    // the node dies of it, and over HTTP has begun its answer
    git.protocol(version)
        .limit(java.time.Duration.ofSeconds(20))
        .git("clone", "-q", "--shallow-since=2030-01-01", url, "work")
        .expectFailure();
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void a_node_is_asked_in_the_version_of_the_client(Transport transport, int version) {
    Repository app = stage.repositories().sample("version/" + transport + version);
    stage.forget();
    GitRunner git = stage.equip(transport, stage.git("version-" + transport + version));
    git.protocol(version)
        .git("clone", "-q", stage.url(transport, app.name()), "work")
        .expectSuccess();
    String[] heard = version == 2 ? new String[] {"version=2"} : new String[0];
    assertThat(stage.heard(SeenRequest::fetchPost))
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.header("Git-Protocol")).containsExactly(heard));
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void a_node_that_is_shallow_itself_makes_shallow_clones(Transport transport, int version)
      throws IOException {
    Repository whole = stage.repositories().sample("whole/" + transport + version);
    String name = "cut/" + transport + version;
    Path cut = stage.repositories().root().resolve(name + ".git");
    whole
        .git()
        .git("clone", "-q", "--bare", "--depth", "3", "file://" + whole.folder(), cut.toString())
        .expectSuccess();
    GitRunner git =
        stage.equip(transport, stage.git("cut-" + transport + version)).protocol(version);
    git.git("clone", "-q", stage.url(transport, name), "work").expectSuccess();
    assertThat(commits(git.at("work"))).isEqualTo(3);
    git.git("clone", "-q", stage.node(0).url(name), "direct").expectSuccess();
    Path roots = git.directory().resolve("work/.git/shallow");
    assertThat(roots).hasSameTextualContentAs(git.directory().resolve("direct/.git/shallow"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_checkout_of_a_bare_id_asks_for_no_list_of_refs(Transport transport) throws IOException {
    Repository app = stage.repositories().sample("bare/" + transport);
    String id = app.id("main");
    app.point("refs/heads/main", "main~1");
    app.git().git("tag", "-d", "v2.0").expectSuccess();
    GitRunner git = stage.equip(transport, stage.git("bare-" + transport)).protocol(2);
    git.git("init", "-q", "work").expectSuccess();
    git.at("work").git("remote", "add", "origin", stage.url(transport, app.name())).expectSuccess();
    stage.forget();
    String ref = "refs/remotes/origin/main";
    String trace =
        traced(git.at("work"), "fetch", "-q", "--no-tags", "--depth=1", "origin", id + ":" + ref);
    assertThat(trace).contains("command=fetch").doesNotContain("ls-refs\n");
    assertThat(git.at("work").id(ref)).isEqualTo(id);
    assertThat(stage.heard(SeenRequest::advertisement)).hasSize(1);
    assertThat(stage.heard(SeenRequest::fetchPost)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void an_id_that_is_no_tip_is_given_or_refused_as_by_the_node(int version) {
    Repository app = stage.repositories().sample("id/" + version);
    String id = app.id("main~2");
    GitRunner git = stage.git("id-" + version).protocol(version);
    git.git("init", "-q", "work").expectSuccess();
    Ran direct = git.at("work").git("fetch", stage.node(0).url(app.name()), id);
    for (Transport transport : new Transport[] {Transport.HTTP1, Transport.SSH}) {
      Ran through = git.at("work").git("fetch", stage.url(transport, app.name()), id);
      assertThat(through.succeeded()).isEqualTo(direct.succeeded()).isEqualTo(version == 2);
      if (version == 0) assertThat(through.stderr()).contains("does not allow request for unadv");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_filter_that_only_the_node_can_resolve_reaches_it(Transport transport) {
    Repository app = stage.repositories().sample("sparse/" + transport);
    app.commit("main", "sparse", "/docs/\n");
    GitRunner work =
        stage.cloned(
            transport,
            app.name(),
            "sparse-" + transport,
            "--no-checkout",
            "--filter=sparse:oid=main:sparse");
    var lacking = work.git("rev-list", "--objects", "--missing=print", "main").lines();
    assertThat(lacking).contains("?" + app.id("main:src/a.txt"));
    assertThat(lacking).doesNotContain("?" + app.id("main:docs/c.md"));
  }

  private static int commits(GitRunner work) {
    return Integer.parseInt(work.git("rev-list", "--count", "HEAD").output());
  }

  private static String traced(GitRunner work, String... command) throws IOException {
    Path file = work.directory().resolve(".git/packets");
    work.env("GIT_TRACE_PACKET", file.toString()).git(command).expectSuccess();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
