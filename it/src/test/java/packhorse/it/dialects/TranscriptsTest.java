package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Tap;
import packhorse.it.kit.Transport;

/// What git says in v2 and hears from us, and what we say in v0 to a node and hear from it, word
/// for word as it is written in `src/test/resources/golden`.
///
/// There is a folder for each version of git that was looked at. `-Dpackhorse.git=/path/of/git`
/// chooses another git than the one on the `PATH`, and `-Dpackhorse.golden=write` writes what is
/// said now: then `git diff` shows what has changed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class TranscriptsTest {
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  @Retention(RetentionPolicy.RUNTIME)
  private @interface BothWays {}

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final Tap clients = Tap.open();
  private final SshTap ssh;
  private final Tap nodes = Tap.open();
  private final RunningProxy proxy;

  TranscriptsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only());
    nodes.leadTo(node.port());
    SshKey key = SshKey.ed25519(folder, "alice");
    proxy =
        RunningProxy.start(
            ProxyText.in(folder)
                .section("public-url", "\"http://127.0.0.1:" + clients.port() + "\"")
                .node("one", "http://127.0.0.1:" + nodes.port())
                .pool("offer-v2: true")
                .user("alice", key));
    clients.leadTo(proxy.port("http"));
    Path known = folder.resolve("known_hosts");
    Path said = Files.createDirectory(folder.resolve("ssh"));
    ssh = new SshTap(said, SshWay.trusting(key.privateKey(), proxy.port("ssh"), known));
  }

  @AfterAll
  void stop() {
    proxy.close();
    clients.close();
    nodes.close();
    node.close();
  }

  @BothWays
  void a_list_of_refs(Transport way) throws IOException {
    Repository app = sample(way, "list");
    said(
        way, "list", app, git(way, "list"), "ls-remote", "--symref", url(way, app), "refs/heads/*");
  }

  @BothWays
  void a_clone(Transport way) throws IOException {
    Repository app = sample(way, "clone");
    said(way, "clone", app, git(way, "clone"), "clone", "-q", "--bare", url(way, app), "copy");
  }

  @BothWays
  void a_fetch_with_haves(Transport way) throws IOException {
    Repository app = sample(way, "fetch");
    GitRunner git = git(way, "fetch");
    git.git("clone", "-q", url(way, app), "work").expectSuccess();
    git.at("work").commit("mine.txt", "mine\n");
    app.commit("main", "theirs.txt", "theirs\n");
    said(way, "fetch", app, git.at("work"), "fetch", "-q", "origin", "main");
  }

  @BothWays
  void a_fetch_that_finds_nothing_new(Transport way) throws IOException {
    Repository app = sample(way, "nothing");
    GitRunner git = git(way, "nothing");
    git.git("clone", "-q", url(way, app), "work").expectSuccess();
    said(way, "nothing-new", app, git.at("work"), "fetch", "-q", "origin", "main");
  }

  @BothWays
  void a_shallow_clone(Transport way) throws IOException {
    Repository app = sample(way, "shallow");
    String[] clone = {"clone", "-q", "--bare", "--depth=2", url(way, app), "copy"};
    said(way, "shallow", app, git(way, "shallow"), clone);
  }

  @BothWays
  void a_shallow_clone_that_is_deepened(Transport way) throws IOException {
    Repository app = sample(way, "deepen");
    GitRunner git = git(way, "deepen");
    git.git("clone", "-q", "--depth=1", "--no-tags", url(way, app), "work").expectSuccess();
    said(way, "deepen", app, git.at("work"), "fetch", "-q", "--deepen=2");
  }

  @BothWays
  void a_partial_clone(Transport way) throws IOException {
    Repository app = sample(way, "filter");
    String[] clone = {"clone", "-q", "--bare", "--filter=blob:none", url(way, app), "copy"};
    said(way, "filter", app, git(way, "filter"), clone);
  }

  private Repository sample(Transport way, String name) {
    return repositories.sample("golden/" + name + suffix(way));
  }

  private static String suffix(Transport way) {
    return way == Transport.SSH ? "-ssh" : "";
  }

  private String url(Transport way, Repository app) {
    return way == Transport.SSH
        ? proxy.ssh(app.name())
        : "http://127.0.0.1:" + clients.port() + "/" + app.name() + ".git";
  }

  private GitRunner git(Transport way, String place) {
    GitRunner git = GitRunner.in(folder.resolve(place + "-" + way)).protocol(2);
    return way == Transport.SSH ? ssh.equip(git) : git.set("http.version", "HTTP/1.1");
  }

  private void said(Transport way, String name, Repository app, GitRunner git, String... command)
      throws IOException {
    String version = GitRunner.version() / 100 + "." + GitRunner.version() % 100;
    Path file = GOLDEN.resolve(version).resolve(name + suffix(way) + ".txt");
    // nothing of what was said before may be on its way yet
    clients.exchanges();
    nodes.exchanges();
    clients.forget();
    ssh.forget();
    nodes.forget();
    git.git(command).expectSuccess();
    Transcript transcript = new Transcript(app);
    if (way == Transport.SSH) transcript.side("git and the proxy", ssh);
    else transcript.side("git and the proxy", clients);
    String now = transcript.side("the proxy and the node", nodes).toString();
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
