package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.MinimalGitClient;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ReplicaSet;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;
import packhorse.record.OutcomeRecorder;

/// Replicas that lag behind: every reader sees the last push, and no client gets `not our ref`.
@ExtendWith(LeakDetector.class)
final class ReplicasTest {
  private static final String REPOSITORY = "acme/app";
  private static final String UNCHANGED_REPOSITORY = "acme/other";
  private static final int REPLICAS = 3;
  private static final int READERS = 2;
  private static final int READS = 5;
  private static final int PUSHES_PER_CLONE = TestProfile.pick(2, 10);
  private static final int PUSHES = TestProfile.pick(8, 500);

  @TempDir Path folder = Path.of("");

  @Tag("counted")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void every_client_reads_a_push_whichever_replica_responds(boolean v0Only) throws Exception {
    int maxLagMillis = TestProfile.pick(3000, 5000);
    try (var replicas = new ReplicaSet(folder.resolve("nodes"), REPLICAS, maxLagMillis, v0Only)) {
      replicas.sample(REPOSITORY);
      String unchanged = replicas.sample(UNCHANGED_REPOSITORY).id("main");
      try (RunningProxy proxy = RunningProxy.start(config(replicas, v0Only));
          ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
        replicas.startReplication(REPOSITORY);
        String id = replicas.primary(REPOSITORY).id("main");
        for (int push = 0; push < PUSHES; push++) {
          id = pushAndRead(proxy, readers, push, id);
          fetch(proxy, UNCHANGED_REPOSITORY, unchanged);
        }
      }
      assertThat(packCounts(replicas, REPOSITORY).subList(1, REPLICAS + 1))
          .anyMatch(count -> count > 0);
      List<Long> unchangedCounts =
          packCounts(replicas, UNCHANGED_REPOSITORY).subList(1, REPLICAS + 1);
      assertThat(unchangedCounts).anyMatch(count -> count > 0);
      // The nodes take turns over the requests for all repositories together, so that only many
      // fetches of one repository are spread evenly.
      long minimum = PUSHES / (REPLICAS + 1) / 2;
      if (TestProfile.isThorough()) assertThat(unchangedCounts).allMatch(count -> count >= minimum);
    }
  }

  /// Pushes a commit, which several clients then fetch at the same time with the previous commit as
  /// have. After every [#PUSHES_PER_CLONE] pushes, git also clones the repository.
  ///
  /// @param before the previous commit
  /// @return the pushed commit
  private String pushAndRead(RunningProxy proxy, ExecutorService readers, int push, String before)
      throws InterruptedException, ExecutionException {
    String id = push(proxy, push);
    List<Future<?>> reads = new ArrayList<>();
    for (int reader = 0; reader < READERS; reader++) {
      reads.add(
          readers.submit(() -> {
            for (int i = 0; i < READS; i++) fetch(proxy, REPOSITORY, id, before);
          }));
    }
    if (push % PUSHES_PER_CLONE == 0) cloneAndCheck(proxy, push, id);
    for (Future<?> read : reads) read.get();
    return id;
  }

  private void cloneAndCheck(RunningProxy proxy, int push, String id) {
    GitRunner git =
        GitRunner.in(folder.resolve("reader-" + push)).protocol(push / PUSHES_PER_CLONE % 3);
    git.run("clone", "-q", "--bare", proxy.httpUrl(REPOSITORY), "app").expectSuccess();
    GitRunner clone = git.at(git.directory().resolve("app"));
    assertThat(clone.run("rev-parse", "main").output()).isEqualTo(id);
  }

  private static void fetch(RunningProxy proxy, String name, String id, String... haves) {
    try (var client = new MinimalGitClient(proxy.port("http"), name)) {
      assertThat(client.resolveRef("refs/heads/main")).contains(id);
      client.fetch(id, haves);
    }
  }

  private String push(RunningProxy proxy, int number) {
    GitRunner git = GitRunner.in(folder.resolve("writer"));
    if (number == 0) git.run("clone", "-q", proxy.httpUrl(REPOSITORY), "app").expectSuccess();
    GitRunner clone = git.at(git.directory().resolve("app"));
    String id = clone.commit("file-" + number + ".txt", "line " + number + "\n");
    clone.run("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    return id;
  }

  /// Returns for each node, the primary first, how many packs of a repository were requested.
  private static List<Long> packCounts(ReplicaSet replicas, String name) {
    return IntStream.rangeClosed(0, REPLICAS)
        .mapToObj(node ->
            replicas.node(node).requests(RecordedRequest::isUploadPackPost).stream()
                .filter(request -> request.path().startsWith("/" + name + ".git/"))
                .count())
        .toList();
  }

  @Tag("counted")
  @Test
  void a_push_that_bypasses_the_proxy_is_visible_at_once() throws Exception {
    try (var replicas = new ReplicaSet(folder.resolve("nodes"), 2, 0, false)) {
      Repository primary = replicas.sample(REPOSITORY);
      try (RunningProxy proxy = RunningProxy.start(config(replicas, false));
          var client = new MinimalGitClient(proxy.port("http"), REPOSITORY)) {
        String before = primary.id("main");
        for (int i = 0; i < TestProfile.pick(10, 1_000); i++) {
          String id = primary.commit("main", "direct.txt", "direct " + i + "\n");
          assertThat(client.resolveRef("refs/heads/main")).contains(id);
          client.fetch(id, before);
          before = id;
        }
      }
    }
  }

  @Test
  void without_the_primary_reads_are_served_and_audited_and_pushes_are_refused() throws Exception {
    try (var replicas = new ReplicaSet(folder.resolve("nodes"), 2, 0, false)) {
      replicas.sample(REPOSITORY);
      try (RunningProxy proxy = RunningProxy.start(config(replicas, false))) {
        String id = push(proxy, 0);
        replicas.replicateNow(REPOSITORY);
        replicas.node(0).kill();
        GitRunner git = GitRunner.in(folder.resolve("client"));
        for (int i = 0; i < 5; i++) {
          git.run("clone", "-q", proxy.httpUrl(REPOSITORY), "app" + i).expectSuccess();
          assertThat(git.at(git.directory().resolve("app" + i)).run("rev-parse", "HEAD").output())
              .isEqualTo(id);
        }
        GitRunner clone = git.at(folder.resolve("writer/app"));
        clone.commit("more.txt", "more\n");
        assertThat(clone.run("push", "origin", "HEAD:refs/heads/main").expectFailure().stderr())
            .contains("the primary of this repository is down");
        Await.until(
            "the audit record",
            () -> proxy.auditRecords().toString().contains("the primary is down"));
      }
    }
  }

  @Test
  void a_primary_that_was_restored_from_a_backup_is_served_and_recorded() throws Exception {
    try (var replicas = new ReplicaSet(folder.resolve("nodes"), 2, 0, false)) {
      Repository primary = replicas.sample(REPOSITORY);
      String backup = primary.id("main");
      Logger logger = (Logger) LoggerFactory.getLogger(OutcomeRecorder.class);
      var logEvents = new ListAppender<ILoggingEvent>();
      logEvents.start();
      try (RunningProxy proxy = RunningProxy.start(config(replicas, false))) {
        logger.addAppender(logEvents);
        push(proxy, 0);
        primary.updateRef("refs/heads/main", backup);
        GitRunner git = GitRunner.in(folder.resolve("client"));
        for (int i = 0; i < 2; i++) {
          assertThat(git.run("ls-remote", proxy.httpUrl(REPOSITORY), "refs/heads/main").output())
              .startsWith(backup);
        }
        Await.until(
            "the audit record",
            () -> proxy.auditRecords().toString().contains("the primary lists an earlier state"));
        assertThat(logEvents.list)
            .filteredOn(event -> event.getLevel() == Level.WARN)
            .singleElement()
            .asString()
            .contains("the primary lists older data than before");
      } finally {
        logger.detachAppender(logEvents);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void an_object_that_no_node_has_is_refused_in_the_words_of_git_with_the_nodes_that_were_asked(
      int version) throws Exception {
    String missing = "1234567890".repeat(4);
    try (var replicas = new ReplicaSet(folder.resolve("nodes"), 2, 0, false)) {
      replicas.sample(REPOSITORY).config("uploadpack.allowAnySHA1InWant", "true");
      SshKey key = SshKey.ed25519(folder, "alice");
      ProxyConfig config = config(replicas, false).user("alice", "keys: [ { file: alice.pub } ]");
      try (RunningProxy proxy = RunningProxy.start(config)) {
        GitRunner git =
            GitRunner.in(folder.resolve("client"))
                .ssh(
                    OpenSshClient.acceptNewHostKey(
                        key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")))
                .protocol(version);
        git.run("init", "-q", ".").expectSuccess();
        for (String url : List.of(proxy.httpUrl(REPOSITORY), proxy.sshUrl(REPOSITORY))) {
          String words = git.run("fetch", url, missing).expectFailure().stderr();
          assertThat(words).contains("not our ref " + missing + " (").contains("do not have it)");
        }
      }
    }
  }

  private ProxyConfig config(ReplicaSet replicas, boolean offerV2) {
    return replicas
        .addTo(ProxyConfig.in(folder))
        .pool("offer-v2: " + offerV2)
        .pool("probe: { path: /, interval: 1s, timeout: 1s, down-after: 1, up-after: 1 }");
  }
}
