package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Scratch;

/// One generated repository whose refs move, and three clients that fetch the same from it again
/// and again: through the proxy over HTTP and over SSH, each time in front of other nodes, and from
/// the node. After each fetch they have the same. For one thread.
final class Chain {
  static final int STEPS = 8;

  // OpenSSH's login costs as much as three fetches
  private static final int GIT = 6;

  /// Those that are compared.
  static final int FETCHES = 2 * STEPS;

  private final Pairs pairs;
  private final GitRunner git;
  private final JGitClient jgit;
  private final long seed;
  private final Random random;
  private final Path own;
  private final String name;
  private final int version;
  private final List<String> filters;
  private final boolean ids;
  private int failed;
  private Holdings before = Holdings.NONE;
  private Clients clients;

  private record Clients(Twin overHttp, Twin overSsh, Twin direct) {
    static Clients make(Path folder) throws IOException {
      return new Clients(
          Twin.make(folder.resolve("http")),
          Twin.make(folder.resolve("ssh")),
          Twin.make(folder.resolve("direct")));
    }

    List<Twin> all() {
      return List.of(overHttp, overSsh, direct);
    }
  }

  Chain(Pairs pairs, GitRunner git, JGitClient jgit, long seed) throws IOException {
    this.pairs = pairs;
    this.git = git;
    this.jgit = jgit;
    this.seed = seed;
    this.random = new Random(seed);
    this.name = "made/n" + seed;
    this.own = git.directory().resolve("n" + seed);
    this.version = random.nextInt(3) == 0 ? 0 : 2;
    this.filters =
        switch (random.nextInt(12)) {
          case 0 -> GeneratedFetch.WITHOUT_BLOBS;
          case 1 -> GeneratedFetch.WITHOUT_TREES;
          default -> List.of();
        };
    this.ids = random.nextBoolean();
    this.clients = Clients.make(own.resolve("0"));
  }

  /// Fetches {@link #STEPS} times.
  ///
  /// @return how often the node said no, to all
  int run() throws IOException, URISyntaxException {
    Path node = pairs.repositories().root().resolve(name + ".git");
    int commits = random.nextInt(10) == 0 ? 300 : 5 + random.nextInt(60);
    GeneratedHistory history = new GeneratedHistory(random, "n").grow(commits, List.of());
    written(history, node);
    GeneratedRefs refs = new GeneratedRefs(random, history);
    refs.write(node);
    if (random.nextInt(4) == 0) ofTheirOwn(history);
    before = Holdings.of(clients.direct().folder());
    for (int step = 0; step < STEPS; step++) {
      for (int i = random.nextInt(5); i > 0; i--) refs.change();
      refs.write(node);
      GeneratedFetch fetch = GeneratedFetch.of(random, history, refs, filters, version == 2 || ids);
      // without folders they are new clients each time: what such a one was never sent depends on
      // which commits the two found that both have, and that on their protocol
      boolean anew = step > 0 && filters.equals(GeneratedFetch.WITHOUT_TREES);
      if (anew) {
        check("before step " + step);
        clients = Clients.make(own.resolve("" + step));
        before = Holdings.NONE;
      }
      step(step, step == 0 || anew ? fetch : fetch.later());
    }
    check("at the end");
    Scratch.delete(own);
    Scratch.delete(node);
    return failed;
  }

  private void step(int step, GeneratedFetch fetch) throws IOException, URISyntaxException {
    Pairs.Nodes nodes = Pairs.Nodes.inTurn(seed + step);
    boolean real = !fetch.forJGit(before) || random.nextInt(GIT) == 0;
    String here = pairs.direct(compared(nodes, fetch), name);
    String no = fetched(real, git, here, fetch, clients.direct());
    if (!no.isEmpty()) failed++;
    Holdings held = Holdings.of(clients.direct().folder());
    for (boolean ssh : List.of(false, true)) {
      Pairs.Way way = new Pairs.Way(nodes, ssh);
      String what =
          "step %d: %s v%d, %s, %s".formatted(step, real ? "git" : "JGit", version, way, fetch);
      Twin twin = ssh ? clients.overSsh() : clients.overHttp();
      String there = pairs.through(way, name);
      String noThere = fetched(real, pairs.equip(way, git), there, fetch, twin);
      assertThat(noThere.isEmpty())
          .as("%s%nthrough: %s%ndirect: %s", what, noThere, no)
          .isEqualTo(no.isEmpty());
      same(what, twin, held);
    }
    before = held;
  }

  private void same(String what, Twin through, Holdings directly) throws IOException {
    Holdings held = Holdings.of(through.folder());
    assertThat(held.refs()).as(what).isEqualTo(directly.refs());
    assertThat(held.shallow()).as(what).isEqualTo(directly.shallow());
    assertThat(more(through, held, directly)).as("only through, %s", what).isEmpty();
    assertThat(more(clients.direct(), directly, held)).as("only directly, %s", what).isEmpty();
  }

  // at the end of their fetches: nothing that a client was sent goes again
  private void check(String what) {
    for (Twin twin : List.of(clients.overHttp(), clients.overSsh())) {
      Ran fsck = git.at(twin.folder()).git("fsck", "--strict", "--no-dangling", "--no-progress");
      assertThat(fsck.succeeded()).as("%s: %s%n%s", what, twin, fsck).isTrue();
    }
  }

  // what no ref leads to came by chance: tags of commits that a client had, but which the two had
  // not yet found in common when the node knew enough
  private SortedSet<String> more(Twin twin, Holdings held, Holdings other) {
    SortedSet<String> more = held.others(other);
    if (!more.isEmpty()) more.retainAll(twin.reachable(git));
    return more;
  }

  // at a node of v0 a client of v2 would be one of v0: it fetches tags of a shallow history in a
  // second request, and asks for no id that was not advertised
  private static Pairs.Nodes compared(Pairs.Nodes nodes, GeneratedFetch fetch) {
    boolean same = fetch.deepen().isEmpty() && !fetch.bare();
    return nodes == Pairs.Nodes.V0_OFFERED_AS_V2 && !same ? Pairs.Nodes.V2 : nodes;
  }

  private String fetched(
      boolean real, GitRunner equipped, String url, GeneratedFetch fetch, Twin twin)
      throws IOException, URISyntaxException {
    return real ? twin.git(equipped, version, url, fetch) : twin.jgit(jgit, version, url, fetch);
  }

  // what both have and the node never had
  private void ofTheirOwn(GeneratedHistory history) throws IOException {
    Path node = pairs.repositories().root().resolve(name + ".git");
    Twin other = Twin.make(own.resolve("other"));
    Path alternates = other.folder().resolve("objects/info/alternates");
    Files.createDirectories(alternates.getParent());
    Files.writeString(alternates, node.resolve("objects") + "\n");
    List<String> from =
        List.of(history.commit(history.anyCommit()), history.commit(history.anyCommit()));
    GeneratedHistory more = new GeneratedHistory(random, "o").grow(2 + random.nextInt(80), from);
    more.into(git.at(other.folder()), true);
    for (Twin twin : clients.all()) {
      git.at(twin.folder())
          .git("fetch", "-q", "--no-tags", other.folder().toString(), "+refs/made/*:refs/other/*")
          .expectSuccess();
    }
  }

  private void written(GeneratedHistory history, Path node) throws IOException {
    Twin.make(node);
    Files.writeString(
        node.resolve("config"),
        "[core]\nbare = true\nfsync = none\n[pack]\nthreads = 1\n[uploadpack]\nallowFilter = true\n"
            + (ids ? "allowReachableSHA1InWant = true\n" : "")
            // which deltas are made depends on the order of wants, which is nobody's promise, and a
            // client that lacks what a delta stands on fetches it by its id, with all below it
            + (filters.isEmpty() ? "" : "allowAnySHA1InWant = true\n[pack]\nwindow = 0\n"));
    history.into(git.at(node), filters.isEmpty());
    Scratch.delete(node.resolve("refs"));
    Files.createDirectories(node.resolve("refs"));
  }
}
