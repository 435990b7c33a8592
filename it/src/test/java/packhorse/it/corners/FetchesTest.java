package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyFixture;

/// What git requests in a fetch, and how often: corners 7, 13, 14, 19, 20 and 21 of
/// `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class FetchesTest {
  private final ProxyFixture fixture;

  FetchesTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 2);
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_v2_fetch_gets_its_pack_without_done(GitTransport transport) throws IOException {
    Repository app = fixture.repositories().sample("done/" + transport);
    GitRunner clone = fixture.gitClone(transport, app.name(), "done-" + transport).protocol(2);
    String id = app.commit("main", "new", "text");
    String trace = packetTrace(clone, "fetch", "-q");
    assertThat(trace).contains("< ready", "< packfile").doesNotContain("> done");
    assertThat(clone.id("origin/main")).isEqualTo(id);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_v0_shallow_clone_requests_the_shallow_list_first(GitTransport transport) {
    Repository app = fixture.repositories().sample("shallow/" + transport);
    fixture.clearRequests();
    GitRunner git = fixture.configure(transport, fixture.git("shallow-" + transport)).protocol(0);
    git.run("clone", "-q", "--depth", "2", fixture.url(transport, app.name()), "work")
        .expectSuccess();
    assertThat(commitCount(git.at("work"))).isEqualTo(2);
    var requests = fixture.requests(RecordedRequest::isUploadPackPost);
    assertThat(requests).hasSize(2);
    assertThat(requests.getFirst().responseBytes()).isLessThan(100);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void a_clone_whose_depth_excludes_every_commit_fails(GitTransport transport, int version) {
    Repository app = fixture.repositories().sample("none/" + transport + version);
    GitRunner git = fixture.configure(transport, fixture.git("none-" + transport + version));
    String url = fixture.url(transport, app.name());
    // git fails at the node; over HTTP the node has already sent the head of its response.
    git.protocol(version)
        .timeout(Duration.ofSeconds(20))
        .run("clone", "-q", "--shallow-since=2030-01-01", url, "work")
        .expectFailure();
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void the_node_request_has_the_protocol_version_of_the_client(
      GitTransport transport, int version) {
    Repository app = fixture.repositories().sample("version/" + transport + version);
    fixture.clearRequests();
    GitRunner git = fixture.configure(transport, fixture.git("version-" + transport + version));
    git.protocol(version)
        .run("clone", "-q", fixture.url(transport, app.name()), "work")
        .expectSuccess();
    String[] expected = version == 2 ? new String[] {"version=2"} : new String[0];
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost))
        .isNotEmpty()
        .allSatisfy(
            request -> assertThat(request.header("Git-Protocol")).containsExactly(expected));
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void clones_of_a_shallow_node_are_shallow(GitTransport transport, int version)
      throws IOException {
    Repository complete = fixture.repositories().sample("complete/" + transport + version);
    String name = "shallow-node/" + transport + version;
    Path shallow = fixture.repositories().root().resolve(name + ".git");
    complete
        .git()
        .run(
            "clone",
            "-q",
            "--bare",
            "--depth",
            "3",
            "file://" + complete.folder(),
            shallow.toString())
        .expectSuccess();
    GitRunner git =
        fixture
            .configure(transport, fixture.git("shallow-node-" + transport + version))
            .protocol(version);
    git.run("clone", "-q", fixture.url(transport, name), "work").expectSuccess();
    assertThat(commitCount(git.at("work"))).isEqualTo(3);
    git.run("clone", "-q", fixture.node(0).url(name), "direct").expectSuccess();
    Path boundary = git.directory().resolve("work/.git/shallow");
    assertThat(boundary).hasSameTextualContentAs(git.directory().resolve("direct/.git/shallow"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_fetch_by_object_id_sends_no_ls_refs(GitTransport transport) throws IOException {
    Repository app = fixture.repositories().sample("bare/" + transport);
    String id = app.id("main");
    app.updateRef("refs/heads/main", "main~1");
    app.git().run("tag", "-d", "v2.0").expectSuccess();
    GitRunner git = fixture.configure(transport, fixture.git("bare-" + transport)).protocol(2);
    git.run("init", "-q", "work").expectSuccess();
    git.at("work")
        .run("remote", "add", "origin", fixture.url(transport, app.name()))
        .expectSuccess();
    fixture.clearRequests();
    String ref = "refs/remotes/origin/main";
    String trace =
        packetTrace(
            git.at("work"), "fetch", "-q", "--no-tags", "--depth=1", "origin", id + ":" + ref);
    assertThat(trace).contains("command=fetch").doesNotContain("ls-refs\n");
    assertThat(git.at("work").id(ref)).isEqualTo(id);
    assertThat(fixture.requests(RecordedRequest::isAdvertisement)).hasSize(1);
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void an_object_id_that_is_not_a_tip_is_served_or_refused_as_the_node_does(int version) {
    Repository app = fixture.repositories().sample("id/" + version);
    String id = app.id("main~2");
    GitRunner git = fixture.git("id-" + version).protocol(version);
    git.run("init", "-q", "work").expectSuccess();
    CommandResult direct = git.at("work").run("fetch", fixture.node(0).url(app.name()), id);
    for (GitTransport transport : new GitTransport[] {GitTransport.HTTP1, GitTransport.SSH}) {
      CommandResult viaProxy = git.at("work").run("fetch", fixture.url(transport, app.name()), id);
      assertThat(viaProxy.succeeded()).isEqualTo(direct.succeeded()).isEqualTo(version == 2);
      if (version == 0) assertThat(viaProxy.stderr()).contains("does not allow request for unadv");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_sparse_filter_reaches_the_node(GitTransport transport) {
    Repository app = fixture.repositories().sample("sparse/" + transport);
    app.commit("main", "sparse", "/docs/\n");
    GitRunner clone =
        fixture.gitClone(
            transport,
            app.name(),
            "sparse-" + transport,
            "--no-checkout",
            "--filter=sparse:oid=main:sparse");
    var missing = clone.run("rev-list", "--objects", "--missing=print", "main").lines();
    assertThat(missing).contains("?" + app.id("main:src/a.txt"));
    assertThat(missing).doesNotContain("?" + app.id("main:docs/c.md"));
  }

  private static int commitCount(GitRunner clone) {
    return Integer.parseInt(clone.run("rev-list", "--count", "HEAD").output());
  }

  private static String packetTrace(GitRunner clone, String... command) throws IOException {
    Path file = clone.directory().resolve(".git/packets");
    clone.env("GIT_TRACE_PACKET", file.toString()).run(command).expectSuccess();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
