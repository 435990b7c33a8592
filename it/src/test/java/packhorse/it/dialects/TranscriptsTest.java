package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.Tap;

/// What git says in v2 and hears from us, and what we say in v0 to a node and hear from it, word
/// for word as it is written in `src/test/resources/golden`.
///
/// There is a folder for each version of git that was looked at. `-Dpackhorse.git=/path/of/git`
/// chooses another git than the one on the `PATH`, and `-Dpackhorse.golden=write` writes what is
/// said now: then `git diff` shows what has changed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
@Tag("untimed")
final class TranscriptsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final Tap clients = Tap.open();
  private final Tap nodes = Tap.open();
  private final RunningProxy proxy;

  TranscriptsTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only());
    nodes.leadTo(node.port());
    proxy =
        RunningProxy.start(
            ProxyText.in(folder)
                .section("public-url", "\"http://127.0.0.1:" + clients.port() + "\"")
                .node("one", "http://127.0.0.1:" + nodes.port())
                .pool("offer-v2: true"));
    clients.leadTo(proxy.port("http"));
  }

  @AfterAll
  void stop() {
    proxy.close();
    clients.close();
    nodes.close();
    node.close();
  }

  @Test
  void a_list_of_refs() throws IOException {
    Repository app = repositories.sample("golden/list");
    said("list", app, git("list"), "ls-remote", "--symref", url(app), "refs/heads/*");
  }

  @Test
  void a_clone() throws IOException {
    Repository app = repositories.sample("golden/clone");
    said("clone", app, git("clone"), "clone", "-q", "--bare", url(app), "copy");
  }

  @Test
  void a_fetch_with_haves() throws IOException {
    Repository app = repositories.sample("golden/fetch");
    GitRunner git = git("fetch");
    git.git("clone", "-q", url(app), "work").expectSuccess();
    git.at("work").commit("mine.txt", "mine\n");
    app.commit("main", "theirs.txt", "theirs\n");
    said("fetch", app, git.at("work"), "fetch", "-q", "origin", "main");
  }

  @Test
  void a_fetch_that_finds_nothing_new() throws IOException {
    Repository app = repositories.sample("golden/nothing");
    GitRunner git = git("nothing");
    git.git("clone", "-q", url(app), "work").expectSuccess();
    said("nothing-new", app, git.at("work"), "fetch", "-q", "origin", "main");
  }

  @Test
  void a_shallow_clone() throws IOException {
    Repository app = repositories.sample("golden/shallow");
    said("shallow", app, git("shallow"), "clone", "-q", "--bare", "--depth=2", url(app), "copy");
  }

  @Test
  void a_shallow_clone_that_is_deepened() throws IOException {
    Repository app = repositories.sample("golden/deepen");
    GitRunner git = git("deepen");
    git.git("clone", "-q", "--depth=1", "--no-tags", url(app), "work").expectSuccess();
    said("deepen", app, git.at("work"), "fetch", "-q", "--deepen=2");
  }

  @Test
  void a_partial_clone() throws IOException {
    Repository app = repositories.sample("golden/filter");
    String[] clone = {"clone", "-q", "--bare", "--filter=blob:none", url(app), "copy"};
    said("filter", app, git("filter"), clone);
  }

  private String url(Repository app) {
    return "http://127.0.0.1:" + clients.port() + "/" + app.name() + ".git";
  }

  private GitRunner git(String place) {
    return GitRunner.in(folder.resolve(place)).set("http.version", "HTTP/1.1").protocol(2);
  }

  private void said(String name, Repository app, GitRunner git, String... command)
      throws IOException {
    String version = GitRunner.version() / 100 + "." + GitRunner.version() % 100;
    Path file = GOLDEN.resolve(version).resolve(name + ".txt");
    // nothing of what was said before may be on its way yet
    clients.exchanges();
    nodes.exchanges();
    clients.forget();
    nodes.forget();
    git.git(command).expectSuccess();
    String now =
        new Transcript(app)
            .side("git and the proxy", clients)
            .side("the proxy and the node", nodes)
            .toString();
    if ("write".equals(System.getProperty("packhorse.golden"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, now);
    }
    Assumptions.assumeTrue(
        Files.exists(file),
        "nobody has looked at git "
            + version
            + " yet: write "
            + file
            + " with"
            + " -Dpackhorse.golden=write");
    assertThat(now).isEqualTo(Files.readString(file));
  }
}
