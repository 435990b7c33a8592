package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.TcpTap;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.SshNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// The bytes and rounds of a fetch on the client's connection, through a proxy with `offer-v2` and
/// at the v0 node directly. docs/performance.md shows what this test prints.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class WireCostTest {
  private static final int REFS = 10_000;
  private static final int HAVES = 6_000;

  // In v2 the client does not know that the node has these commits.
  private static final int UNADVERTISED = 8;

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final SshNode ssh;
  private final SshKey key;
  private final TcpTap tap = TcpTap.open();
  private final RunningProxy proxy;

  WireCostTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only());
    ssh = SshNode.start(repositories.root());
    key = SshKey.ed25519(folder, "alice");
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .section("public-url", "\"http://127.0.0.1:" + tap.port() + "\"")
                .node("one", node.url())
                .pool("offer-v2: true")
                .user("alice", key));
  }

  @AfterAll
  void stop() {
    proxy.close();
    tap.close();
    ssh.close();
    node.close();
  }

  @Test
  void an_up_to_date_fetch_of_one_branch_of_many_transfers_few_bytes() {
    Repository app = repositories.manyRefs("acme/many", REFS);
    String url = "http://127.0.0.1:" + tap.port() + "/acme/many.git";
    GitRunner git = GitRunner.in(folder.resolve("many")).config("http.version", "HTTP/1.1");
    tap.forwardTo(node.port());
    git.run("clone", "-q", "--bare", "--single-branch", url, "copy").expectSuccess();
    GitRunner copy = git.at("copy").protocol(2);
    String[] fetch = {"fetch", "-q", url, "main:refs/heads/main"};
    tap.forwardTo(node.port());
    copy.run(fetch).expectSuccess();
    TcpTap.ByteCount direct = tap.byteCount();
    tap.forwardTo(proxy.port("http"));
    copy.run(fetch).expectSuccess();
    TcpTap.ByteCount viaProxy = tap.byteCount();
    print("up to date, %d refs".formatted(REFS), 0, viaProxy, 0, direct);
    assertThat(viaProxy.total()).isLessThan(2_048);
    assertThat(direct.total()).isGreaterThan(50L * REFS);
    assertThat(copy.id("main")).isEqualTo(app.id("main"));
  }

  @Test
  void many_haves_over_http_cost_as_much_as_at_the_node() throws IOException {
    Repository app = createClientWithCommits("acme/haves");
    String url = "http://127.0.0.1:" + tap.port() + "/acme/haves.git";
    GitRunner git = GitRunner.in(folder.resolve("haves")).config("http.version", "HTTP/1.1");
    app.commit("main", "theirs", "theirs\n");
    tap.forwardTo(node.port());
    Trace direct = fetch(git, "direct", app, 0, url);
    tap.forwardTo(proxy.port("http"));
    Trace viaProxy = fetch(git, "through", app, 2, url);
    print(
        "%d haves, HTTP".formatted(HAVES),
        viaProxy.rounds(),
        viaProxy.count(),
        direct.rounds(),
        direct.count());
    assertThat(viaProxy.haves()).isBetween(HAVES, direct.haves() + UNADVERTISED);
    assertThat(viaProxy.rounds()).isLessThanOrEqualTo(direct.rounds());
    assertThat(viaProxy.count().total()).isLessThan(direct.count().total() * 11 / 10);
  }

  @Test
  void many_haves_over_ssh_cost_no_more_than_at_the_node() throws IOException {
    Repository app = createClientWithCommits("acme/ssh");
    String url = "ssh://git@127.0.0.1:" + tap.port() + "/acme/ssh.git";
    GitRunner git = GitRunner.in(folder.resolve("ssh"));
    app.commit("main", "theirs", "theirs\n");
    tap.forwardTo(ssh.port());
    Trace direct = fetch(git.ssh(sshClient("direct")), "direct", app, 0, url);
    tap.forwardTo(proxy.port("ssh"));
    Trace v0 = fetch(git.ssh(sshClient("proxy")), "old", app, 0, url);
    tap.forwardTo(proxy.port("ssh"));
    Trace viaProxy = fetch(git.ssh(sshClient("proxy")), "through", app, 2, url);
    print(
        "%d haves, SSH, v0".formatted(HAVES),
        v0.rounds(),
        v0.count(),
        direct.rounds(),
        direct.count());
    print(
        "%d haves, SSH, v2".formatted(HAVES),
        viaProxy.rounds(),
        viaProxy.count(),
        direct.rounds(),
        direct.count());
    assertThat(v0.haves()).isEqualTo(direct.haves());
    assertThat(v0.rounds()).isEqualTo(direct.rounds());
    assertThat(viaProxy.haves()).isBetween(HAVES, direct.haves() + UNADVERTISED);
    assertThat(viaProxy.rounds()).isLessThan(direct.rounds());
    assertThat(viaProxy.count().total()).isLessThan(direct.count().total() * 11 / 10);
  }

  private OpenSshClient sshClient(String knownHostsSuffix) {
    return OpenSshClient.acceptNewHostKey(
        key.privateKey(), tap.port(), folder.resolve("known-hosts-" + knownHostsSuffix));
  }

  /// The haves, rounds and bytes of a fetch.
  private record Trace(int haves, int rounds, TcpTap.ByteCount count) {}

  // Creates a repository and a clone of it with [#HAVES] further commits that are newer than all
  // commits of the node.
  private Repository createClientWithCommits(String name) throws IOException {
    Repository app = repositories.sample(name);
    var stream = new StringBuilder();
    for (int i = 0; i < HAVES; i++) {
      stream.append("commit refs/heads/mine\ncommitter c <c@test> ").append(2_000_000_000 + i);
      stream.append(" +0000\ndata 2\nx\n");
      if (i == 0) stream.append("from ").append(app.id("main")).append("^0\n");
      stream.append('\n');
    }
    Path localCommits = Files.writeString(folder.resolve(app.name().replace('/', '-')), stream);
    GitRunner git = GitRunner.in(folder.resolve("mine"));
    String copy = folder.resolve(app.name().replace('/', '-') + ".git").toString();
    git.run("clone", "-q", "--bare", "--single-branch", app.folder().toString(), copy)
        .expectSuccess();
    git.at(Path.of(copy))
        .command("fast-import", "--quiet")
        .input(localCommits)
        .run()
        .expectSuccess();
    return app;
  }

  private Trace fetch(GitRunner git, String folderName, Repository app, int version, String url)
      throws IOException {
    String copy = folder.resolve(app.name().replace('/', '-') + ".git").toString();
    git.run("clone", "-q", "--mirror", copy, folderName).expectSuccess();
    Path file = folder.resolve(folderName + app.name().replace('/', '-') + ".trace");
    git.at(folderName)
        .protocol(version)
        .env("GIT_TRACE_PACKET", file.toString())
        .run("fetch", "-q", url, "main:refs/heads/main")
        .expectSuccess();
    assertThat(git.at(folderName).id("main")).isEqualTo(app.id("main"));
    TcpTap.ByteCount count = tap.byteCount();
    var trace = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    int haves = (int) trace.stream().filter(line -> line.contains("> have ")).count();
    // Every round of haves ends with a flush or `done`.
    int rounds = 0;
    boolean inRound = false;
    for (String line : trace) {
      inRound |= line.contains("> have ");
      boolean endsRound = inRound && (line.contains("> 0000") || line.contains("> done"));
      if (endsRound) rounds++;
      inRound &= !endsRound;
    }
    return new Trace(haves, rounds, count);
  }

  private static void print(
      String title,
      int rounds,
      TcpTap.ByteCount viaProxy,
      int roundsDirect,
      TcpTap.ByteCount direct) {
    System.out.printf(
        "%s: through %d rounds, %d up, %d down; directly %d rounds, %d up, %d down%n",
        title,
        rounds,
        viaProxy.fromClient(),
        viaProxy.toClient(),
        roundsDirect,
        direct.fromClient(),
        direct.toClient());
  }
}
