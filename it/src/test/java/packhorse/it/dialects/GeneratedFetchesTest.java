package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.junit.CaseBudget;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.Seeds;
import packhorse.it.kit.junit.TestProfile;

/// Generated histories, refs and fetches: the result of a fetch through the proxy is the same as at
/// the node, whatever protocol versions client and node speak, and `git fsck --strict` finds
/// nothing.
///
/// Each fetch is done through the proxy over HTTP and SSH, in front of nodes that change from fetch
/// to fetch, and at the node. The client is JGit, which runs in this process. It is git for one
/// fetch in six on average, and for those that JGit does not support (see
/// [GeneratedFetch#isSupportedByJGit]).
@Tag("counted")
@Tag("generated")
@ExtendWith(LeakDetector.class)
final class GeneratedFetchesTest {
  private static final int WORKERS = 2;
  private static final Duration TIME = Duration.ofSeconds(90);

  @TempDir Path folder = Path.of("");

  private final AtomicInteger startedCount = new AtomicInteger();
  private final AtomicInteger completedCount = new AtomicInteger();

  @Test
  void a_fetch_through_the_proxy_has_the_same_result_as_at_the_node_for_every_pair_of_dialects()
      throws Exception {
    List<Long> seeds = Seeds.forTest(GeneratedFetchesTest.class, 6, 310);
    int minimum = TestProfile.isThorough() ? Math.min(20, seeds.size()) : seeds.size();
    var budget = new CaseBudget(minimum, seeds.size(), TIME);
    int refusedCount = 0;
    try (DialectFixture fixture = new DialectFixture(folder);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) results.add(workers.submit(worker(fixture, seeds, budget)));
      for (Future<Integer> worker : results) refusedCount += worker.get();
    }
    // If the node refused many fetches, the test would compare little. A single seed, given to
    // repeat a failure, may have many.
    if (Long.getLong("packhorse.seed") == null)
      assertThat(refusedCount)
          .as("fetches that the node refused")
          .isLessThan(completedCount.get() * FetchComparison.STEPS / 4);
  }

  private Callable<Integer> worker(DialectFixture fixture, List<Long> seeds, CaseBudget budget) {
    return () -> {
      Path ownFolder = Files.createTempDirectory(folder, "worker");
      int refusedCount = 0;
      try (JGitClient jgit = fixture.jgit(ownFolder)) {
        for (int i = startedCount.getAndIncrement();
            budget.allows(i);
            i = startedCount.getAndIncrement()) {
          long seed = seeds.get(i);
          refusedCount +=
              run(new FetchComparison(fixture, GitRunner.in(ownFolder), jgit, seed), seed);
          completedCount.incrementAndGet();
        }
        return refusedCount;
      } finally {
        // After a failure the other worker need not continue.
        startedCount.addAndGet(seeds.size());
      }
    };
  }

  private static int run(FetchComparison comparison, long seed) {
    try {
      return comparison.run();
    } catch (AssertionError | IOException | URISyntaxException | RuntimeException e) {
      throw new AssertionError(
          "seed "
              + seed
              + ", to repeat: mvn -ntp verify -pl it -am -Dtest=GeneratedFetchesTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dpackhorse.seed="
              + seed
              + "\n"
              + e.getMessage(),
          e);
    }
  }
}
