package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Scratch;

/// One generated repository whose refs move, and two clients that fetch from it again and again in
/// the same way: one through the proxy, by another way each time, and one from the node. After each
/// fetch they have the same. For one thread.
final class Chain {
  static final int STEPS = 8;

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

  Chain(Pairs pairs, GitRunner git, JGitClient jgit, long seed) {
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
  }

  /// Fetches {@link #STEPS} times.
  ///
  /// @return how often the node said no, to both
  int run() throws IOException, URISyntaxException {
    Path node = pairs.repositories().root().resolve(name + ".git");
    int commits = random.nextInt(10) == 0 ? 300 : 5 + random.nextInt(60);
    GeneratedHistory history = new GeneratedHistory(random, "n").grow(commits, List.of());
    written(history, node);
    GeneratedRefs refs = new GeneratedRefs(random, history);
    Twin through = Twin.make(own.resolve("through"));
    Twin direct = Twin.make(own.resolve("direct"));
    refs.write(node);
    if (random.nextInt(4) == 0) ofTheirOwn(history, through, direct);
    before = Holdings.of(through.folder());
    for (int step = 0; step < STEPS; step++) {
      for (int i = random.nextInt(5); i > 0; i--) refs.change();
      refs.write(node);
      GeneratedFetch fetch = GeneratedFetch.of(random, history, refs, filters, version == 2 || ids);
      // without folders it is a new client each time: what such a one was never sent depends on
      // which commits the two found that both have, and that on their protocol
      boolean anew = step > 0 && filters.equals(GeneratedFetch.WITHOUT_TREES);
      if (anew) {
        through = Twin.make(own.resolve("through-" + step));
        direct = Twin.make(own.resolve("direct-" + step));
        before = Holdings.NONE;
      }
      step(step, step == 0 || anew ? fetch : fetch.later(), through, direct);
    }
    Scratch.delete(own);
    Scratch.delete(node);
    return failed;
  }

  private void step(int step, GeneratedFetch fetch, Twin through, Twin direct)
      throws IOException, URISyntaxException {
    Pairs.Way way =
        Pairs.Way.ALL.get((int) Math.floorMod(seed + step, (long) Pairs.Way.ALL.size()));
    // each login of OpenSSH costs as much as three fetches
    boolean real = !fetch.forJGit(before) || random.nextInt(way.ssh() ? 9 : 3) == 0;
    String what =
        "step %d: %s v%d, %s, %s".formatted(step, real ? "git" : "JGit", version, way, fetch);
    String here = pairs.direct(compared(way, fetch), name);
    String there = pairs.through(way, name);

    String no = fetched(real, pairs.equip(way, git), there, fetch, through);
    String noHere = fetched(real, git, here, fetch, direct);
    assertThat(no.isEmpty())
        .as("%s%nthrough: %s%ndirect: %s", what, no, noHere)
        .isEqualTo(noHere.isEmpty());
    if (!no.isEmpty()) failed++;
    Holdings held = Holdings.of(through.folder());
    Holdings heldHere = Holdings.of(direct.folder());
    assertThat(held.refs()).as(what).isEqualTo(heldHere.refs());
    assertThat(held.shallow()).as(what).isEqualTo(heldHere.shallow());
    assertThat(held.others(heldHere)).as("only through, %s", what).isEmpty();
    assertThat(heldHere.others(held)).as("only directly, %s", what).isEmpty();
    if (held.equals(before)) return;
    before = held;
    Ran fsck = git.at(through.folder()).git("fsck", "--strict", "--no-dangling", "--no-progress");
    assertThat(fsck.succeeded()).as("%s%n%s", what, fsck).isTrue();
  }

  // at a node of v0 a client of v2 would be one of v0: it fetches tags of a shallow history in a
  // second request, and asks for no id that was not advertised
  private static Pairs.Nodes compared(Pairs.Way way, GeneratedFetch fetch) {
    boolean same = fetch.deepen().isEmpty() && !fetch.bare();
    return way.nodes() == Pairs.Nodes.V0_OFFERED_AS_V2 && !same ? Pairs.Nodes.V2 : way.nodes();
  }

  private String fetched(
      boolean real, GitRunner equipped, String url, GeneratedFetch fetch, Twin twin)
      throws IOException, URISyntaxException {
    return real ? twin.git(equipped, version, url, fetch) : twin.jgit(jgit, version, url, fetch);
  }

  // what both have and the node never had
  private void ofTheirOwn(GeneratedHistory history, Twin through, Twin direct) throws IOException {
    Path node = pairs.repositories().root().resolve(name + ".git");
    Twin other = Twin.make(own.resolve("other"));
    Path alternates = other.folder().resolve("objects/info/alternates");
    Files.createDirectories(alternates.getParent());
    Files.writeString(alternates, node.resolve("objects") + "\n");
    List<String> from =
        List.of(history.commit(history.anyCommit()), history.commit(history.anyCommit()));
    GeneratedHistory more = new GeneratedHistory(random, "o").grow(2 + random.nextInt(80), from);
    more.into(git.at(other.folder()), true);
    for (Twin twin : List.of(through, direct)) {
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
