package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
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
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshNode;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Tap;

/// What a fetch costs on the client's wire, through `offer-v2` and at the node of v0 directly. What
/// it prints is in docs/performance.md.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class WireCostTest {
  private static final int REFS = 10_000;
  private static final int HAVES = 6_000;

  // in v2 the client has not read that the node has them
  private static final int UNLISTED = 8;

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final SshNode ssh;
  private final SshKey key;
  private final Tap tap = Tap.open();
  private final RunningProxy proxy;

  WireCostTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    node = PlainNode.start(NodeOptions.of(repositories.root()).v0Only());
    ssh = SshNode.start(repositories.root());
    key = SshKey.ed25519(folder, "alice");
    proxy =
        RunningProxy.start(
            ProxyText.in(folder)
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
  void an_up_to_date_fetch_of_one_branch_of_many_is_small() {
    Repository app = repositories.manyRefs("acme/many", REFS);
    String url = "http://127.0.0.1:" + tap.port() + "/acme/many.git";
    GitRunner git = GitRunner.in(folder.resolve("many")).set("http.version", "HTTP/1.1");
    tap.leadTo(node.port());
    git.git("clone", "-q", "--bare", "--single-branch", url, "copy").expectSuccess();
    GitRunner copy = git.at("copy").protocol(2);
    String[] fetch = {"fetch", "-q", url, "main:refs/heads/main"};
    tap.leadTo(node.port());
    copy.git(fetch).expectSuccess();
    Tap.Count direct = tap.count();
    tap.leadTo(proxy.port("http"));
    copy.git(fetch).expectSuccess();
    Tap.Count through = tap.count();
    print("up to date, %d refs".formatted(REFS), 0, through, 0, direct);
    assertThat(through.both()).isLessThan(2_048);
    assertThat(direct.both()).isGreaterThan(50L * REFS);
    assertThat(copy.id("main")).isEqualTo(app.id("main"));
  }

  @Test
  void many_haves_cost_over_http_what_they_cost_at_the_node() throws IOException {
    Repository app = haves("acme/haves");
    String url = "http://127.0.0.1:" + tap.port() + "/acme/haves.git";
    GitRunner git = GitRunner.in(folder.resolve("haves")).set("http.version", "HTTP/1.1");
    app.commit("main", "theirs", "theirs\n");
    tap.leadTo(node.port());
    Trace direct = fetched(git, "direct", app, 0, url);
    tap.leadTo(proxy.port("http"));
    Trace through = fetched(git, "through", app, 2, url);
    print(
        "%d haves, HTTP".formatted(HAVES),
        through.rounds(),
        through.count(),
        direct.rounds(),
        direct.count());
    assertThat(through.haves()).isBetween(HAVES, direct.haves() + UNLISTED);
    assertThat(through.rounds()).isLessThanOrEqualTo(direct.rounds());
    assertThat(through.count().both()).isLessThan(direct.count().both() * 11 / 10);
  }

  @Test
  void many_haves_cost_over_ssh_no_more_than_at_the_node() throws IOException {
    Repository app = haves("acme/ssh");
    String url = "ssh://git@127.0.0.1:" + tap.port() + "/acme/ssh.git";
    GitRunner git = GitRunner.in(folder.resolve("ssh"));
    app.commit("main", "theirs", "theirs\n");
    tap.leadTo(ssh.port());
    Trace direct = fetched(git.ssh(way("direct")), "direct", app, 0, url);
    tap.leadTo(proxy.port("ssh"));
    Trace old = fetched(git.ssh(way("proxy")), "old", app, 0, url);
    tap.leadTo(proxy.port("ssh"));
    Trace through = fetched(git.ssh(way("proxy")), "through", app, 2, url);
    print(
        "%d haves, SSH, v0".formatted(HAVES),
        old.rounds(),
        old.count(),
        direct.rounds(),
        direct.count());
    print(
        "%d haves, SSH, v2".formatted(HAVES),
        through.rounds(),
        through.count(),
        direct.rounds(),
        direct.count());
    assertThat(old.haves()).isEqualTo(direct.haves());
    assertThat(old.rounds()).isEqualTo(direct.rounds());
    assertThat(through.haves()).isBetween(HAVES, direct.haves() + UNLISTED);
    assertThat(through.rounds()).isLessThan(direct.rounds());
    assertThat(through.count().both()).isLessThan(direct.count().both() * 11 / 10);
  }

  private SshWay way(String known) {
    return SshWay.trusting(key.privateKey(), tap.port(), folder.resolve("known-" + known));
  }

  /// What a client said and what that cost.
  private record Trace(int haves, int rounds, Tap.Count count) {}

  // a client with so many commits of its own, newer than all that the node has
  private Repository haves(String name) throws IOException {
    Repository app = repositories.sample(name);
    var stream = new StringBuilder();
    for (int i = 0; i < HAVES; i++) {
      stream.append("commit refs/heads/mine\ncommitter c <c@test> ").append(2_000_000_000 + i);
      stream.append(" +0000\ndata 2\nx\n");
      if (i == 0) stream.append("from ").append(app.id("main")).append("^0\n");
      stream.append('\n');
    }
    Path mine = Files.writeString(folder.resolve(app.name().replace('/', '-')), stream);
    GitRunner git = GitRunner.in(folder.resolve("mine"));
    String copy = folder.resolve(app.name().replace('/', '-') + ".git").toString();
    git.git("clone", "-q", "--bare", "--single-branch", app.folder().toString(), copy)
        .expectSuccess();
    git.at(Path.of(copy)).command("fast-import", "--quiet").input(mine).run().expectSuccess();
    return app;
  }

  private Trace fetched(GitRunner git, String place, Repository app, int version, String url)
      throws IOException {
    String copy = folder.resolve(app.name().replace('/', '-') + ".git").toString();
    git.git("clone", "-q", "--mirror", copy, place).expectSuccess();
    Path file = folder.resolve(place + app.name().replace('/', '-') + ".trace");
    git.at(place)
        .protocol(version)
        .env("GIT_TRACE_PACKET", file.toString())
        .git("fetch", "-q", url, "main:refs/heads/main")
        .expectSuccess();
    assertThat(git.at(place).id("main")).isEqualTo(app.id("main"));
    Tap.Count count = tap.count();
    var said =
        Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).lines().toList();
    int haves = (int) said.stream().filter(line -> line.contains("> have ")).count();
    // every round of haves ends in one of these
    int rounds = 0;
    boolean open = false;
    for (String line : said) {
      open |= line.contains("> have ");
      boolean ends = open && (line.contains("> 0000") || line.contains("> done"));
      if (ends) rounds++;
      open &= !ends;
    }
    return new Trace(haves, rounds, count);
  }

  private static void print(
      String what, int rounds, Tap.Count through, int roundsDirect, Tap.Count direct) {
    System.out.printf(
        "%s: through %d rounds, %d up, %d down; directly %d rounds, %d up, %d down%n",
        what, rounds, through.up(), through.down(), roundsDirect, direct.up(), direct.down());
  }
}
