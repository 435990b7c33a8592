package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import packhorse.kit.Sample;
import packhorse.request.Headers;

/// Readers of one answer, each at its own pace.
@Timeout(30)
final class SpoolTest {
  private static final int PIECE = 32 * 1024;
  private static final int WINDOW = 256 * 1024;
  private static final byte[] LIST = new byte[5 << 20];

  static {
    new Random(1).nextBytes(LIST);
  }

  @TempDir Path folder = Path.of("");

  private static FutureTask<Boolean> filling(Spool spool) {
    return started(() -> {
      for (int at = 0; at < LIST.length; at += PIECE) {
        byte[] piece = Arrays.copyOfRange(LIST, at, at + PIECE);
        if (!spool.add(piece)) return false;
      }
      spool.ended(Headers.none());
      return true;
    });
  }

  private static <T> FutureTask<T> started(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private static Spool.Reader reader(Spool spool) {
    return spool.reader(Sample.node("a"));
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void who_reads_fast_does_not_wait_for_who_reads_slowly() throws Exception {
    Spool spool = new Spools(folder).spool(2);
    FutureTask<Boolean> filled = filling(spool);
    Spool.Reader slow = reader(spool);
    try (Spool.Reader fast = reader(spool)) {
      assertThat(fast.readAllBytes()).isEqualTo(LIST);
    }
    assertThat(filled.get()).isTrue();
    assertThat(files()).as("files with a name").isZero();
    assertThat(slow.readAllBytes()).isEqualTo(LIST);
    slow.close();
  }

  @Test
  void without_a_disk_who_reads_fast_waits_for_who_reads_slowly() throws Exception {
    Spool spool = new Spools(folder.resolve("absent")).spool(2);
    FutureTask<Boolean> filled = filling(spool);
    Spool.Reader slow = reader(spool);
    Spool.Reader fast = reader(spool);
    assertThat(fast.readNBytes(WINDOW)).hasSize(WINDOW);
    FutureTask<byte[]> rest = started(fast::readAllBytes);
    assertThat(slow.readNBytes(WINDOW / 2)).hasSize(WINDOW / 2);
    assertThat(filled.isDone()).isFalse();
    assertThat(slow.readAllBytes()).hasSize(LIST.length - WINDOW / 2);
    assertThat(rest.get()).hasSize(LIST.length - WINDOW);
  }

  @Test
  void what_goes_to_the_disk_is_bounded_for_all_together_and_given_back() throws Exception {
    Spools spools = new Spools(folder, LIST.length);
    for (int i = 0; i < 3; i++) {
      Spool spool = spools.spool(2);
      FutureTask<Boolean> filled = filling(spool);
      Spool.Reader slow = reader(spool);
      try (Spool.Reader fast = reader(spool)) {
        assertThat(fast.readAllBytes()).hasSize(LIST.length);
      }
      assertThat(filled.get()).isTrue();
      slow.close();
    }
  }

  @Test
  void where_all_read_slowly_the_node_waits_and_the_disk_is_not_used() throws Exception {
    Spool spool = new Spools(folder, 0).spool(2);
    FutureTask<Boolean> filled = filling(spool);
    try (Spool.Reader one = reader(spool);
        Spool.Reader other = reader(spool)) {
      int read = 0;
      while (read < LIST.length) {
        read += one.readNBytes(PIECE).length;
        other.readNBytes(PIECE);
      }
    }
    assertThat(filled.get()).isTrue();
  }

  @Test
  void who_leaves_without_reading_holds_nobody_up() throws Exception {
    Spool spool = new Spools(folder, 0).spool(3);
    FutureTask<Boolean> filled = filling(spool);
    spool.leave();
    reader(spool).close();
    try (Spool.Reader last = reader(spool)) {
      assertThat(last.readAllBytes()).isEqualTo(LIST);
    }
    assertThat(filled.get()).isTrue();
  }

  @Test
  void nothing_more_is_taken_when_nobody_reads() throws Exception {
    Spool spool = new Spools(folder).spool(2);
    reader(spool).close();
    spool.leave();
    assertThat(filling(spool).get()).isFalse();
  }
}
