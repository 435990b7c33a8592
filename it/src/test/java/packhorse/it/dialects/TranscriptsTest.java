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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.TcpTap;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// The exact requests of git in protocol v2 and the responses of the proxy, and the proxy's
/// requests in v0 to the node and the node's responses, as recorded in `src/test/resources/golden`.
///
/// There is a folder for each version of git that was examined. `-Dpackhorse.git=/path/of/git`
/// selects another git than the one on the `PATH`, and `-Dpackhorse.golden=write` writes new files:
/// `git diff` then shows what has changed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class TranscriptsTest {
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  @Retention(RetentionPolicy.RUNTIME)
  private @interface OverHttpAndSsh {}

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final TcpTap clientTap = TcpTap.open();
  private final SshTap sshTap;
  private final TcpTap nodeTap = TcpTap.open();
  private final RunningProxy proxy;

  TranscriptsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only());
    nodeTap.forwardTo(node.port());
    SshKey key = SshKey.ed25519(folder, "alice");
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .section("public-url", "\"http://127.0.0.1:" + clientTap.port() + "\"")
                .node("one", "http://127.0.0.1:" + nodeTap.port())
                .pool("offer-v2: true")
                .user("alice", key));
    clientTap.forwardTo(proxy.port("http"));
    Path knownHosts = folder.resolve("known_hosts");
    Path recordings = Files.createDirectory(folder.resolve("ssh"));
    sshTap =
        new SshTap(
            recordings,
            OpenSshClient.acceptNewHostKey(key.privateKey(), proxy.port("ssh"), knownHosts));
  }

  @AfterAll
  void stop() {
    proxy.close();
    clientTap.close();
    nodeTap.close();
    node.close();
  }

  @OverHttpAndSsh
  void ls_remote(GitTransport transport) throws IOException {
    Repository app = sample(transport, "list");
    assertTranscript(
        transport,
        "list",
        app,
        git(transport, "list"),
        "ls-remote",
        "--symref",
        url(transport, app),
        "refs/heads/*");
  }

  @OverHttpAndSsh
  void clone_of_everything(GitTransport transport) throws IOException {
    Repository app = sample(transport, "clone");
    assertTranscript(
        transport,
        "clone",
        app,
        git(transport, "clone"),
        "clone",
        "-q",
        "--bare",
        url(transport, app),
        "copy");
  }

  @OverHttpAndSsh
  void fetch_with_haves(GitTransport transport) throws IOException {
    Repository app = sample(transport, "fetch");
    GitRunner git = git(transport, "fetch");
    git.run("clone", "-q", url(transport, app), "work").expectSuccess();
    git.at("work").commit("mine.txt", "mine\n");
    app.commit("main", "theirs.txt", "theirs\n");
    assertTranscript(transport, "fetch", app, git.at("work"), "fetch", "-q", "origin", "main");
  }

  @OverHttpAndSsh
  void fetch_that_is_up_to_date(GitTransport transport) throws IOException {
    Repository app = sample(transport, "nothing");
    GitRunner git = git(transport, "nothing");
    git.run("clone", "-q", url(transport, app), "work").expectSuccess();
    assertTranscript(
        transport, "nothing-new", app, git.at("work"), "fetch", "-q", "origin", "main");
  }

  @OverHttpAndSsh
  void shallow_clone(GitTransport transport) throws IOException {
    Repository app = sample(transport, "shallow");
    String[] clone = {"clone", "-q", "--bare", "--depth=2", url(transport, app), "copy"};
    assertTranscript(transport, "shallow", app, git(transport, "shallow"), clone);
  }

  @OverHttpAndSsh
  void deepening_of_a_shallow_clone(GitTransport transport) throws IOException {
    Repository app = sample(transport, "deepen");
    GitRunner git = git(transport, "deepen");
    git.run("clone", "-q", "--depth=1", "--no-tags", url(transport, app), "work").expectSuccess();
    assertTranscript(transport, "deepen", app, git.at("work"), "fetch", "-q", "--deepen=2");
  }

  @OverHttpAndSsh
  void partial_clone(GitTransport transport) throws IOException {
    Repository app = sample(transport, "filter");
    String[] clone = {"clone", "-q", "--bare", "--filter=blob:none", url(transport, app), "copy"};
    assertTranscript(transport, "filter", app, git(transport, "filter"), clone);
  }

  private Repository sample(GitTransport transport, String name) {
    return repositories.sample("golden/" + name + suffix(transport));
  }

  private static String suffix(GitTransport transport) {
    return transport == GitTransport.SSH ? "-ssh" : "";
  }

  private String url(GitTransport transport, Repository app) {
    return transport == GitTransport.SSH
        ? proxy.sshUrl(app.name())
        : "http://127.0.0.1:" + clientTap.port() + "/" + app.name() + ".git";
  }

  private GitRunner git(GitTransport transport, String folderName) {
    GitRunner git = GitRunner.in(folder.resolve(folderName + "-" + transport)).protocol(2);
    return transport == GitTransport.SSH
        ? sshTap.configure(git)
        : git.config("http.version", "HTTP/1.1");
  }

  private void assertTranscript(
      GitTransport transport, String name, Repository app, GitRunner git, String... command)
      throws IOException {
    String version = GitRunner.version() / 100 + "." + GitRunner.version() % 100;
    Path file = GOLDEN.resolve(version).resolve(name + suffix(transport) + ".txt");
    // Waits until nothing that was sent before is still being recorded.
    clientTap.exchanges();
    nodeTap.exchanges();
    clientTap.clear();
    sshTap.clear();
    nodeTap.clear();
    git.run(command).expectSuccess();
    Transcript transcript = new Transcript(app);
    if (transport == GitTransport.SSH) transcript.append("git and the proxy", sshTap);
    else transcript.append("git and the proxy", clientTap);
    String actual = transcript.append("the proxy and the node", nodeTap).toString();
    if ("write".equals(System.getProperty("packhorse.golden"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
    }
    Assumptions.assumeTrue(
        Files.exists(file),
        "there are no golden files for git "
            + version
            + ": write "
            + file
            + " with"
            + " -Dpackhorse.golden=write");
    assertThat(actual).isEqualTo(Files.readString(file));
  }
}
