package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.TempFiles;

/// Compares three clients that fetch the same from one generated repository, again and again, while
/// its refs change: through the proxy over HTTP, through the proxy over SSH, each time in front of
/// other nodes, and from the node directly. After each fetch the clients must have the same
/// contents. For one thread.
final class FetchComparison {
  /// The number of fetches of each client.
  static final int STEPS = 8;

  // One of this many fetches that JGit supports is done by git. OpenSSH's login takes as long as
  // three fetches.
  private static final int GIT_INTERVAL = 6;

  /// The number of fetches that are compared.
  static final int FETCHES = 2 * STEPS;

  private final DialectFixture fixture;
  private final GitRunner git;
  private final JGitClient jgit;
  private final long seed;
  private final Random random;
  private final Path ownFolder;
  private final String name;
  private final int version;
  private final List<String> filters;
  private final boolean byIdAllowed;
  private int refusedCount;
  private RepositoryContents previous = RepositoryContents.EMPTY;
  private Clients clients;

  private record Clients(ComparedClient overHttp, ComparedClient overSsh, ComparedClient direct) {
    static Clients make(Path folder) throws IOException {
      return new Clients(
          ComparedClient.create(folder.resolve("http")),
          ComparedClient.create(folder.resolve("ssh")),
          ComparedClient.create(folder.resolve("direct")));
    }

    List<ComparedClient> all() {
      return List.of(overHttp, overSsh, direct);
    }
  }

  FetchComparison(DialectFixture fixture, GitRunner git, JGitClient jgit, long seed)
      throws IOException {
    this.fixture = fixture;
    this.git = git;
    this.jgit = jgit;
    this.seed = seed;
    this.random = new Random(seed);
    this.name = "made/n" + seed;
    this.ownFolder = git.directory().resolve("n" + seed);
    this.version = random.nextInt(3) == 0 ? 0 : 2;
    this.filters =
        switch (random.nextInt(12)) {
          case 0 -> GeneratedFetch.WITHOUT_BLOBS;
          case 1 -> GeneratedFetch.WITHOUT_TREES;
          default -> List.of();
        };
    this.byIdAllowed = random.nextBoolean();
    this.clients = Clients.make(ownFolder.resolve("0"));
  }

  /// Fetches [#STEPS] times and compares the clients after each step.
  ///
  /// @return how many steps the node refused to all clients
  int run() throws IOException, URISyntaxException {
    Path node = fixture.repositories().root().resolve(name + ".git");
    int commits = random.nextInt(10) == 0 ? 300 : 5 + random.nextInt(60);
    GeneratedHistory history = new GeneratedHistory(random, "n").addCommits(commits, List.of());
    writeRepository(history, node);
    GeneratedRefs refs = new GeneratedRefs(random, history);
    refs.write(node);
    if (random.nextInt(4) == 0) addLocalCommits(history);
    previous = RepositoryContents.read(clients.direct().folder());
    for (int step = 0; step < STEPS; step++) {
      for (int i = random.nextInt(5); i > 0; i--) refs.changeRandomRef();
      refs.write(node);
      GeneratedFetch fetch =
          GeneratedFetch.generate(random, history, refs, filters, version == 2 || byIdAllowed);
      // Clients without trees are created again for each step: which objects such a client was
      // never sent depends on the common commits that client and node found, and those depend on
      // the protocol.
      boolean recreated = step > 0 && filters.equals(GeneratedFetch.WITHOUT_TREES);
      if (recreated) {
        fsck("before step " + step);
        clients = Clients.make(ownFolder.resolve("" + step));
        previous = RepositoryContents.EMPTY;
      }
      fetchAndCompare(step, step == 0 || recreated ? fetch : fetch.asFollowUp());
    }
    fsck("at the end");
    TempFiles.delete(ownFolder);
    TempFiles.delete(node);
    return refusedCount;
  }

  private void fetchAndCompare(int step, GeneratedFetch fetch)
      throws IOException, URISyntaxException {
    DialectFixture.NodeDialect dialect = DialectFixture.NodeDialect.forStep(seed + step);
    boolean withGit = !fetch.isSupportedByJGit(previous) || random.nextInt(GIT_INTERVAL) == 0;
    String nodeUrl = fixture.nodeUrl(comparableNode(dialect, fetch), name);
    String error = fetch(withGit, git, nodeUrl, fetch, clients.direct());
    if (!error.isEmpty()) refusedCount++;
    RepositoryContents nodeContents = RepositoryContents.read(clients.direct().folder());
    for (boolean ssh : List.of(false, true)) {
      DialectFixture.ProxyPath path = new DialectFixture.ProxyPath(dialect, ssh);
      String description =
          "step %d: %s v%d, %s, %s".formatted(step, withGit ? "git" : "JGit", version, path, fetch);
      ComparedClient client = ssh ? clients.overSsh() : clients.overHttp();
      String proxyUrl = fixture.proxyUrl(path, name);
      String proxyError = fetch(withGit, fixture.configure(path, git), proxyUrl, fetch, client);
      assertThat(proxyError.isEmpty())
          .as("%s%nthrough the proxy: %s%nat the node: %s", description, proxyError, error)
          .isEqualTo(error.isEmpty());
      assertSame(description, client, nodeContents);
    }
    previous = nodeContents;
  }

  private void assertSame(
      String description, ComparedClient viaProxy, RepositoryContents nodeContents)
      throws IOException {
    RepositoryContents proxyContents = RepositoryContents.read(viaProxy.folder());
    assertThat(proxyContents.refs()).as(description).isEqualTo(nodeContents.refs());
    assertThat(proxyContents.shallow()).as(description).isEqualTo(nodeContents.shallow());
    assertThat(missingReachable(viaProxy, proxyContents, nodeContents))
        .as("only through the proxy, %s", description)
        .isEmpty();
    assertThat(missingReachable(clients.direct(), nodeContents, proxyContents))
        .as("only at the node, %s", description)
        .isEmpty();
  }

  // Once at the end of a client's fetches: objects that a client has received are never removed.
  private void fsck(String description) {
    for (ComparedClient client : List.of(clients.overHttp(), clients.overSsh())) {
      CommandResult fsck =
          git.at(client.folder()).run("fsck", "--strict", "--no-dangling", "--no-progress");
      assertThat(fsck.succeeded()).as("%s: %s%n%s", description, client, fsck).isTrue();
    }
  }

  // Only reachable objects are compared. Others are there by chance: tags of commits that a client
  // had, but which client and node had not yet found in common when the node had enough
  // information.
  private SortedSet<String> missingReachable(
      ComparedClient client, RepositoryContents contents, RepositoryContents other) {
    SortedSet<String> missing = contents.objectsMissingFrom(other);
    if (!missing.isEmpty()) missing.retainAll(client.reachable(git));
    return missing;
  }

  // At a v0 node a v2 client would fall back to v0: it would fetch tags of a shallow history in a
  // second request, and request no object id that was not advertised. Such a fetch is compared with
  // the v2 node.
  private static DialectFixture.NodeDialect comparableNode(
      DialectFixture.NodeDialect dialect, GeneratedFetch fetch) {
    boolean sameInV0 = fetch.deepen().isEmpty() && !fetch.byId();
    return dialect == DialectFixture.NodeDialect.V0_OFFERED_AS_V2 && !sameInV0
        ? DialectFixture.NodeDialect.V2
        : dialect;
  }

  private String fetch(
      boolean withGit,
      GitRunner configured,
      String url,
      GeneratedFetch fetch,
      ComparedClient client)
      throws IOException, URISyntaxException {
    return withGit
        ? client.fetchWithGit(configured, version, url, fetch)
        : client.fetchWithJGit(jgit, version, url, fetch);
  }

  // Gives all clients the same commits that the node never had.
  private void addLocalCommits(GeneratedHistory history) throws IOException {
    Path node = fixture.repositories().root().resolve(name + ".git");
    ComparedClient localRepository = ComparedClient.create(ownFolder.resolve("other"));
    Path alternates = localRepository.folder().resolve("objects/info/alternates");
    Files.createDirectories(alternates.getParent());
    Files.writeString(alternates, node.resolve("objects") + "\n");
    List<String> bases =
        List.of(history.commitId(history.randomCommit()), history.commitId(history.randomCommit()));
    GeneratedHistory localCommits =
        new GeneratedHistory(random, "o").addCommits(2 + random.nextInt(80), bases);
    localCommits.importInto(git.at(localRepository.folder()), true);
    for (ComparedClient client : clients.all()) {
      git.at(client.folder())
          .run(
              "fetch",
              "-q",
              "--no-tags",
              localRepository.folder().toString(),
              "+refs/made/*:refs/other/*")
          .expectSuccess();
    }
  }

  private void writeRepository(GeneratedHistory history, Path node) throws IOException {
    ComparedClient.create(node);
    Files.writeString(
        node.resolve("config"),
        "[core]\nbare = true\nfsync = none\n[pack]\nthreads = 1\n[uploadpack]\nallowFilter = true\n"
            + (byIdAllowed ? "allowReachableSHA1InWant = true\n" : "")
            // Which deltas git creates depends on the order of wants, which is not specified, and a
            // client that lacks the base of a delta fetches it by its id, with everything below it.
            + (filters.isEmpty() ? "" : "allowAnySHA1InWant = true\n[pack]\nwindow = 0\n"));
    history.importInto(git.at(node), filters.isEmpty());
    TempFiles.delete(node.resolve("refs"));
    Files.createDirectories(node.resolve("refs"));
  }
}
