package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Sizes;

/// Generated histories, refs and fetches: what a client ends with is the same through the proxy and
/// from the node, whichever dialects the two speak, and `git fsck --strict` finds nothing.
///
/// Each fetch goes through the proxy over HTTP and SSH, in front of nodes that change from fetch to
/// fetch, and once to the node. Git is every sixth client, and all for which JGit, in this process,
/// is no measure (see [GeneratedFetch#forJGit]). `-Dpackhorse.first=N` begins with another seed.
@Tag("counted")
@Tag("untimed")
@ExtendWith(Leaks.class)
final class GeneratedFetchesTest {
  private static final int WORKERS = 2;

  // the same in every build, which must not fail for what was not changed
  private static final long FIRST = Long.getLong("packhorse.first", 1);

  @TempDir Path folder = Path.of("");

  private final AtomicInteger begun = new AtomicInteger();

  @Test
  void a_client_ends_with_the_same_through_every_pair_of_dialects() throws Exception {
    Long one = Long.getLong("packhorse.seed");
    int chains = one != null ? 1 : Math.ceilDiv(Sizes.pick(48, 5_000), Chain.FETCHES);
    long first = one != null ? one : FIRST;
    int refused = 0;
    try (Pairs pairs = new Pairs(folder);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) running.add(workers.submit(worker(pairs, first, chains)));
      for (Future<Integer> worker : running) refused += worker.get();
    }
    if (one == null)
      assertThat(refused)
          .as("fetches to which the node said no")
          .isLessThan(chains * Chain.STEPS / 4);
  }

  private Callable<Integer> worker(Pairs pairs, long first, int chains) {
    return () -> {
      Path own = Files.createTempDirectory(folder, "worker");
      int refused = 0;
      try (JGitClient jgit = pairs.jgit(own)) {
        for (int i = begun.getAndIncrement(); i < chains; i = begun.getAndIncrement()) {
          refused += refused(new Chain(pairs, GitRunner.in(own), jgit, first + i), first + i);
        }
        return refused;
      } finally {
        // after a failure the other worker need not go on
        begun.addAndGet(chains);
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
