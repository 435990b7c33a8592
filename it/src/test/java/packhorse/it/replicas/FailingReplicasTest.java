package packhorse.it.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.Seeds;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ReplicaSet;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;
import packhorse.it.replicas.Figures.Figure;

/// A primary and two replicas that lag, which are killed and paused while clients push and read,
/// over HTTP and SSH, in protocol v0 and v2: no push is lost or applied twice, and no client reads
/// something older than what it or another client already knew, unless no node that could be asked
/// had anything newer.
///
/// To run a hundred rounds with new seeds and print their figures to the test's output:
///
/// ```
/// mvn -ntp verify -Pthorough -pl it -am -Dtest=FailingReplicasTest \
///   -Dsurefire.failIfNoSpecifiedTests=false -Dpackhorse.first=5000 -Dpackhorse.rounds=100
/// ```
@Tag("counted")
@Tag("generated")
@ExtendWith(LeakDetector.class)
final class FailingReplicasTest {
  private static final int ROUNDS = Integer.getInteger("packhorse.rounds", 1);
  private static final int ROUND_MILLIS = TestProfile.pick(2_000, 8_000);
  private static final int MAX_LAG_MILLIS = TestProfile.pick(1_000, 5_000);
  private static final int MAX_DISTURBANCE_MILLIS = TestProfile.pick(800, 3_000);
  private static final int LONG_PAUSE_MILLIS = TestProfile.pick(800, 7_000);
  private static final Pattern TIME = Pattern.compile("\"time\":\"([^\"]+)\"");
  private static final Figures TOTAL = new Figures();

  @TempDir Path folder = Path.of("");

  static List<Long> seeds() {
    return Seeds.forTest(FailingReplicasTest.class, ROUNDS, 6);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_push_is_lost_or_applied_twice_and_no_read_is_stale(long seed) throws Exception {
    boolean v0Only = seed % 3 == 0;
    SshKey key = SshKey.ed25519(folder, "alice");
    try (var nodes = new ReplicaSet(folder.resolve("nodes"), 2, MAX_LAG_MILLIS, v0Only)) {
      Repository primary = nodes.sample(Round.REPOSITORY);
      for (int node = 0; node < Round.NODES; node++) {
        for (String branch : List.of("http", "ssh")) {
          nodes.repository(node, Round.REPOSITORY).updateRef("refs/heads/" + branch, "main");
        }
      }
      PushCheck.prepare(primary);
      try (RunningProxy proxy = RunningProxy.start(config(nodes, key, v0Only));
          var timeline = new NodeTimeline(Round.NODES)) {
        Round round = new Round(nodes, timeline);
        nodes.startReplication(Round.REPOSITORY, seed);
        run(round, proxy, key, new Random(seed));
        checkOldReads(round, proxy);
        round.figures().add(Figure.MARKED_DOWN, timeline.downCount());
        finish(round, seed);
      }
      primary.fsck();
    }
  }

  private ProxyConfig config(ReplicaSet nodes, SshKey key, boolean offerV2) {
    return nodes
        .addTo(ProxyConfig.in(folder))
        .user("alice", key)
        .pool("offer-v2: " + offerV2)
        .pool(
            "probe: { path: /, interval: 250ms, timeout: 500ms, down-after: 2, up-after: 1,"
                + " slow-start: 0s }");
  }

  private void run(Round round, RunningProxy proxy, SshKey key, Random random) throws Exception {
    String http = proxy.httpUrl(Round.REPOSITORY);
    String ssh = proxy.sshUrl(Round.REPOSITORY);
    GitRunner httpGit = createRepository(round, git("http-pusher", proxy, key, 2));
    GitRunner sshGit = createRepository(round, git("ssh-pusher", proxy, key, 0));
    String base = httpGit.id("refs/heads/main");
    GitPusher httpPusher = new GitPusher(round, httpGit, http, "http", base);
    GitPusher sshPusher = new GitPusher(round, sshGit, ssh, "ssh", base);
    // Before any node fails, so that there is something to lose.
    httpPusher.push();
    sshPusher.push();
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(pushes(round, httpPusher, http, httpGit, random));
    tasks.add(pushes(round, sshPusher, ssh, sshGit, random));
    tasks.add(reads(round, http, git("http-reader", proxy, key, 0), random));
    tasks.add(reads(round, ssh, git("ssh-reader", proxy, key, 2), random));
    tasks.add(disturbances(round, new int[] {0}, random));
    tasks.add(disturbances(round, new int[] {1, 2}, random));
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      List<Future<Void>> results = tasks.stream().map(threads::submit).toList();
      boolean stopped = round.stop().await(ROUND_MILLIS, TimeUnit.MILLISECONDS);
      assertThat(stopped).isFalse();
      round.stop().countDown();
      for (Future<Void> result : results) result.get();
    }
    PushCheck.check(round, httpPusher);
    PushCheck.check(round, sshPusher);
  }

  private GitRunner git(String name, RunningProxy proxy, SshKey key, int version) {
    Path home = folder.resolve(name);
    return GitRunner.in(home)
        .protocol(version)
        .ssh(
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), proxy.port("ssh"), home.resolve("known_hosts")));
  }

  /// Creates the repository of a client, with the objects that all nodes have at the start.
  ///
  /// @param git runs in the client's folder
  /// @return git in the repository
  private static GitRunner createRepository(Round round, GitRunner git) {
    String source = round.nodes().primary(Round.REPOSITORY).folder().toString();
    git.run("clone", "-q", "--bare", source, "app").expectSuccess();
    return git.at("app");
  }

  private static Callable<Void> pushes(
      Round round, GitPusher pusher, String url, GitRunner git, Random random) {
    GitReader reader = new GitReader(round, git, url, new Random(random.nextLong()));
    return () -> {
      while (round.stop().getCount() > 0) {
        pusher.push();
        pusher.shown(reader.read(pusher.branch()));
      }
      return null;
    };
  }

  private static Callable<Void> reads(Round round, String url, GitRunner git, Random random) {
    Random choice = new Random(random.nextLong());
    GitReader reader = new GitReader(round, createRepository(round, git), url, choice);
    return () -> {
      while (round.stop().getCount() > 0) reader.read(choice.nextBoolean() ? "http" : "ssh");
      return null;
    };
  }

  private static Callable<Void> disturbances(Round round, int[] nodes, Random random) {
    var disturber =
        new NodeDisturber(
            round, nodes, new Random(random.nextLong()), MAX_DISTURBANCE_MILLIS, LONG_PAUSE_MILLIS);
    return () -> {
      disturber.run();
      return null;
    };
  }

  /// Checks that the operator is told of each read that was answered with an old list. A record may
  /// be written a moment after the response.
  private static void checkOldReads(Round round, RunningProxy proxy) {
    for (Round.OldRead read : round.oldReads()) {
      boolean recorded =
          Await.holdsWithin(
              Duration.ofSeconds(2),
              () -> records(read, proxy).stream().anyMatch(line -> line.contains("may be old")));
      if (!recorded) {
        round.figures().violation("an old list without a mark: " + read + records(read, proxy));
      }
    }
    for (Round.OldRead read : round.staleReads()) {
      round.figures().violation("stale: " + read + records(read, proxy));
    }
  }

  /// Returns the audit records of the requests that arrived during a read.
  private static List<String> records(Round.OldRead read, RunningProxy proxy) {
    return proxy.auditRecords().stream()
        .filter(line -> {
          Matcher time = TIME.matcher(line);
          return time.find() && read.contains(Instant.parse(time.group(1)));
        })
        .toList();
  }

  private static void finish(Round round, long seed) {
    round.figures().count(Figure.ROUNDS);
    System.out.println("seed " + seed + ": " + round.figures());
    TOTAL.addAll(round.figures());
    System.out.println("so far: " + TOTAL);
    assertThat(round.figures().violations()).as("seed %s", seed).isEmpty();
    assertThat(round.figures().get(Figure.PUSHES_OK)).as("successful pushes").isPositive();
  }
}
