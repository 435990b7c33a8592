package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clones, fetches and pushes of git at a node of the demo.
final class JGitNodeTest {
  @TempDir Path folder;
  private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
  private DemoFolder demo;
  private JGitNode node;

  @BeforeEach
  void start() throws IOException {
    demo = DemoFolder.create();
    SampleRepositories.write(demo.path());
    node = JGitNode.start("node-1", demo.path(), events::add);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    demo.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void clones_fetches_and_pushes_in_every_protocol_version(int version) throws Exception {
    Git git = git(version);
    git.succeed("clone", "-q", node.uri() + "/acme/app.git", "one");
    git.succeed("clone", "-q", node.uri() + "/acme/app", "two");
    git.succeed("-C", "one", "commit", "-q", "--allow-empty", "-m", "From one");
    git.succeed("-C", "one", "push", "-q", "origin", "main");
    git.succeed("-C", "two", "fetch", "-q");
    assertThat(git.succeed("-C", "two", "log", "-1", "--format=%s", "origin/main"))
        .isEqualTo("From one");
    git.succeed("-C", "two", "fsck", "--strict");
    assertThat(events.stream().map(NodeEvent::toString))
        .containsExactly(
            "node-1 served a fetch of acme/app",
            "node-1 served a fetch of acme/app",
            "node-1 accepted a push to acme/app",
            "node-1 served a fetch of acme/app");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void shallow_partial_and_large_requests_are_served(int version) throws Exception {
    Git git = git(version);
    String kernel = node.uri() + "/mirrors/kernel.git";
    git.succeed("clone", "-q", "--depth=3", kernel, "shallow");
    assertThat(git.succeed("-C", "shallow", "rev-list", "--count", "HEAD")).isEqualTo("3");
    git.succeed("-C", "shallow", "fetch", "-q", "--unshallow");
    assertThat(git.succeed("-C", "shallow", "rev-list", "--count", "HEAD")).isEqualTo("120");
    git.succeed("clone", "-q", "--filter=blob:none", kernel, "partial");
    assertThat(git.succeed("-C", "partial", "status", "--short")).isEmpty();
  }

  @Test
  void a_chunked_push_of_a_large_file_is_accepted() throws Exception {
    Git git = git(2);
    git.succeed("clone", "-q", node.uri() + "/acme/site.git", "site");
    var noise = new byte[600_000];
    new Random(1).nextBytes(noise);
    Files.write(folder.resolve("site/noise"), noise);
    git.succeed("-C", "site", "add", "noise");
    git.succeed("-C", "site", "commit", "-q", "-m", "Noise");
    git.succeed("-c", "http.postBuffer=65536", "-C", "site", "push", "-q", "origin", "HEAD:noise");
    assertThat(git.succeed("ls-remote", node.uri() + "/acme/site.git", "noise"))
        .startsWith(git.succeed("-C", "site", "rev-parse", "HEAD"));
  }

  @Test
  void probes_are_answered_and_unknown_paths_are_404() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "/acme/none.git/info/refs?service=git-upload-pack",
            "/acme/info/refs?service=git-upload-pack",
            "/acme/app.git/info/refs",
            "/acme/app.git/info/refs?service=git-Upload-Pack",
            "/acme/app.git/git-upload-pack",
            "/acme/app.git/HEAD")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void the_sample_repositories_have_the_same_object_ids_everywhere() throws Exception {
    Git git = git(2);
    assertThat(git.succeed("ls-remote", node.uri() + "/acme/app.git", "HEAD"))
        .isEqualTo("1dab0ac2ee0c044ce5676ed531f88a09217e9036\tHEAD");
    assertThat(git.succeed("ls-remote", node.uri() + "/mirrors/kernel.git", "HEAD"))
        .isEqualTo("47e542ddff4c88206d4a1b005b0ea9a25fdbbd35\tHEAD");
  }

  private Git git(int version) {
    return new Git(
        folder,
        List.of(
            "protocol.version=" + version,
            "user.name=Test",
            "user.email=test@example.org",
            "init.defaultBranch=main"));
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(node.uri() + path)).build(), BodyHandlers.ofString());
    }
  }
}
