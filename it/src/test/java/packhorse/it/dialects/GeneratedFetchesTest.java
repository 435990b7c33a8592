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
import packhorse.it.kit.Cases;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Seeds;
import packhorse.it.kit.Sizes;

/// Generated histories, refs and fetches: what a client ends with is the same through the proxy and
/// from the node, whichever dialects the two speak, and `git fsck --strict` finds nothing.
///
/// Each fetch goes through the proxy over HTTP and SSH, in front of nodes that change from fetch to
/// fetch, and once to the node. Git is every sixth client, and all for which JGit, in this process,
/// is no measure (see [GeneratedFetch#forJGit]).
@Tag("counted")
@Tag("generated")
@ExtendWith(Leaks.class)
final class GeneratedFetchesTest {
  private static final int WORKERS = 2;
  private static final Duration TIME = Duration.ofMinutes(3);

  @TempDir Path folder = Path.of("");

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void a_client_ends_with_the_same_through_every_pair_of_dialects() throws Exception {
    List<Long> seeds = Seeds.of(GeneratedFetchesTest.class, 6, 310);
    int always = Sizes.thorough() ? Math.min(20, seeds.size()) : seeds.size();
    var cases = new Cases(always, seeds.size(), TIME);
    int refused = 0;
    try (Pairs pairs = new Pairs(folder);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) running.add(workers.submit(worker(pairs, seeds, cases)));
      for (Future<Integer> worker : running) refused += worker.get();
    }
    if (Long.getLong("packhorse.seed") == null)
      assertThat(refused)
          .as("fetches to which the node said no")
          .isLessThan(done.get() * Chain.STEPS / 4);
  }

  private Callable<Integer> worker(Pairs pairs, List<Long> seeds, Cases cases) {
    return () -> {
      Path own = Files.createTempDirectory(folder, "worker");
      int refused = 0;
      try (JGitClient jgit = pairs.jgit(own)) {
        for (int i = begun.getAndIncrement(); cases.more(i); i = begun.getAndIncrement()) {
          long seed = seeds.get(i);
          refused += refused(new Chain(pairs, GitRunner.in(own), jgit, seed), seed);
          done.incrementAndGet();
        }
        return refused;
      } finally {
        // after a failure the other worker need not go on
        begun.addAndGet(seeds.size());
      }
    };
  }

  private static int refused(Chain chain, long seed) {
    try {
      return chain.run();
    } catch (AssertionError | IOException | URISyntaxException | RuntimeException e) {
      throw new AssertionError(
          "seed "
              + seed
              + ", again: mvn -ntp verify -pl it -am -Dtest=GeneratedFetchesTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dpackhorse.seed="
              + seed
              + "\n"
              + e.getMessage(),
          e);
    }
  }
}
