package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The history when several threads use it at the same time.
final class DecisionHistoryTest {
  private static final int BLOCK_LINES = 500;
  private static final int MIN_LINES = 100_000;
  private static final long MAX_BYTES = 1 << 20;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Test
  void records_are_found_and_added_while_a_block_is_compressed() throws InterruptedException {
    DecisionHistory history = new DecisionHistory(MIN_LINES, MAX_BYTES, this::compressWhenReleased);
    Thread first = Thread.ofVirtual().start(() -> add(history, "a", BLOCK_LINES));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    List<String> missing = new CopyOnWriteArrayList<>();
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              add(history, "b", 1);
              missing.addAll(missing(history, "a", BLOCK_LINES));
              missing.addAll(missing(history, "b", 1));
            });
    assertThat(other.join(Duration.ofSeconds(30))).isTrue();
    assertThat(missing).isEmpty();
    released.countDown();
    first.join();
    assertThat(missing(history, "a", BLOCK_LINES)).isEmpty();
    assertThat(history.compressedBytes()).isPositive();
  }

  private byte[] compressWhenReleased(List<String> lines) {
    begun.countDown();
    try {
      assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return DecisionHistory.compress(lines);
  }

  @Test
  void every_record_is_found_from_when_it_was_added_while_other_threads_add_theirs()
      throws InterruptedException {
    DecisionHistory history = new DecisionHistory(MIN_LINES, MAX_BYTES);
    List<String> missing = new CopyOnWriteArrayList<>();
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(thread ->
                Thread.ofPlatform()
                    .start(() -> {
                      for (int i = 0; i < 3 * BLOCK_LINES; i++) {
                        String id = "t" + thread + "-" + i;
                        history.add(record(id));
                        if (history.find(id).isEmpty()) missing.add(id);
                      }
                    }))
            .toList();
    for (Thread thread : threads) thread.join();
    assertThat(missing).isEmpty();
    for (int thread = 0; thread < threads.size(); thread++) {
      assertThat(missing(history, "t" + thread + "-", 3 * BLOCK_LINES)).isEmpty();
    }
  }

  private static void add(DecisionHistory history, String prefix, int count) {
    for (int i = 0; i < count; i++) history.add(record(prefix + i));
  }

  /// The ids of the records that are not found.
  private static List<String> missing(DecisionHistory history, String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> prefix + i)
        .filter(id -> !history.find(id).equals(Optional.of(record(id))))
        .toList();
  }

  private static String record(String id) {
    return "{\"id\":\"" + id + "\"}";
  }
}
