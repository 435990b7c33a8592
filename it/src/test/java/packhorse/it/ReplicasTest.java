package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.LeanClient;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Replicas;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Sizes;

/// Replicas that lag: whoever reads sees the last push, and nobody hears `not our ref`.
@ExtendWith(Leaks.class)
final class ReplicasTest {
  private static final String NAME = "acme/app";
  private static final String OTHER = "acme/other";
  private static final int REPLICAS = 3;
  private static final int READERS = 2;
  private static final int READS = 5;
  private static final int CLONED = Sizes.pick(2, 10);
  private static final int PUSHES = Sizes.pick(8, 500);

  @TempDir Path folder = Path.of("");

  @Tag("counted")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void after_a_push_everybody_reads_it_whichever_node_answers(boolean v0Only) throws Exception {
    int lag = Sizes.pick(3000, 5000);
    try (var replicas = new Replicas(folder.resolve("nodes"), REPLICAS, lag, v0Only)) {
      replicas.sample(NAME);
      String other = replicas.sample(OTHER).id("main");
      try (RunningProxy proxy = RunningProxy.start(text(replicas, v0Only));
          ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
        replicas.follow(NAME);
        String id = replicas.primary(NAME).id("main");
        for (int push = 0; push < PUSHES; push++) {
          id = pushedAndRead(proxy, readers, push, id);
          taken(proxy, OTHER, other);
        }
      }
      assertThat(packs(replicas, NAME).subList(1, REPLICAS + 1)).anyMatch(packs -> packs > 0);
      List<Long> others = packs(replicas, OTHER).subList(1, REPLICAS + 1);
      assertThat(others).anyMatch(packs -> packs > 0);
      // turns are counted over all repositories: a few pushes say little of one
      long share = PUSHES / (REPLICAS + 1) / 2;
      if (Sizes.thorough()) assertThat(others).allMatch(packs -> packs >= share);
    }
  }

  /// By several at the same time, who have what was there before; now and then by git, from
  /// nothing.
  private String pushedAndRead(RunningProxy proxy, ExecutorService readers, int push, String before)
      throws InterruptedException, ExecutionException {
    String id = pushed(proxy, push);
    List<Future<?>> reading = new ArrayList<>();
    for (int reader = 0; reader < READERS; reader++) {
      reading.add(
          readers.submit(() -> {
            for (int i = 0; i < READS; i++) taken(proxy, NAME, id, before);
          }));
    }
    if (push % CLONED == 0) cloned(proxy, push, id);
    for (Future<?> read : reading) read.get();
    return id;
  }

  private void cloned(RunningProxy proxy, int push, String id) {
    GitRunner git = GitRunner.in(folder.resolve("reader-" + push)).protocol(push / CLONED % 3);
    git.git("clone", "-q", "--bare", proxy.http(NAME), "app").expectSuccess();
    GitRunner clone = git.at(git.directory().resolve("app"));
    assertThat(clone.git("rev-parse", "main").output()).isEqualTo(id);
  }

  private static void taken(RunningProxy proxy, String name, String id, String... haves) {
    try (var client = new LeanClient(proxy.port("http"), name)) {
      assertThat(client.tip("refs/heads/main")).contains(id);
      client.take(id, haves);
    }
  }

  private String pushed(RunningProxy proxy, int number) {
    GitRunner git = GitRunner.in(folder.resolve("writer"));
    if (number == 0) git.git("clone", "-q", proxy.http(NAME), "app").expectSuccess();
    GitRunner work = git.at(git.directory().resolve("app"));
    String id = work.commit("file-" + number + ".txt", "line " + number + "\n");
    work.git("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    return id;
  }

  /// How often each node, the primary first, was asked for a pack.
  private static List<Long> packs(Replicas replicas, String name) {
    return IntStream.rangeClosed(0, REPLICAS)
        .mapToObj(node ->
            replicas.node(node).requests(SeenRequest::fetchPost).stream()
                .filter(request -> request.path().startsWith("/" + name + ".git/"))
                .count())
        .toList();
  }

  @Tag("counted")
  @Test
  void what_is_pushed_around_the_proxy_is_read_at_once() throws Exception {
    try (var replicas = new Replicas(folder.resolve("nodes"), 2, 0, false)) {
      Repository primary = replicas.sample(NAME);
      try (RunningProxy proxy = RunningProxy.start(text(replicas, false));
          var client = new LeanClient(proxy.port("http"), NAME)) {
        String before = primary.id("main");
        for (int i = 0; i < Sizes.pick(10, 1_000); i++) {
          String id = primary.commit("main", "direct.txt", "direct " + i + "\n");
          assertThat(client.tip("refs/heads/main")).contains(id);
          client.take(id, before);
          before = id;
        }
      }
    }
  }

  @Test
  void without_its_primary_a_repository_is_read_and_says_so_and_a_push_is_refused_in_words()
      throws Exception {
    try (var replicas = new Replicas(folder.resolve("nodes"), 2, 0, false)) {
      replicas.sample(NAME);
      try (RunningProxy proxy = RunningProxy.start(text(replicas, false))) {
        String id = pushed(proxy, 0);
        replicas.catchUp(NAME);
        replicas.node(0).kill();
        GitRunner git = GitRunner.in(folder.resolve("client"));
        for (int i = 0; i < 5; i++) {
          git.git("clone", "-q", proxy.http(NAME), "app" + i).expectSuccess();
          assertThat(git.at(git.directory().resolve("app" + i)).git("rev-parse", "HEAD").output())
              .isEqualTo(id);
        }
        GitRunner work = git.at(folder.resolve("writer/app"));
        work.commit("more.txt", "more\n");
        assertThat(work.git("push", "origin", "HEAD:refs/heads/main").expectFailure().stderr())
            .contains("the primary of this repository is down");
        assertThat(proxy.audit()).anyMatch(line -> line.contains("the primary is down"));
      }
    }
  }

  private ProxyText text(Replicas replicas, boolean offersV2) {
    return replicas
        .pool(ProxyText.in(folder))
        .pool("offer-v2: " + offersV2)
        .pool("probe: { path: /, interval: 1s, timeout: 1s, down-after: 1, up-after: 1 }");
  }
}
