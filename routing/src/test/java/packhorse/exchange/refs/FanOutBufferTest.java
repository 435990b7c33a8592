package packhorse.exchange.refs;

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
import packhorse.kit.RequestFixture;
import packhorse.memory.MemoryBudget;
import packhorse.request.Headers;

/// Readers of one shared response, each at its own pace.
@Timeout(30)
final class FanOutBufferTest {
  private final MemoryBudget memory = new MemoryBudget(16 << 20);
  private static final int PIECE_BYTES = 32 * 1024;
  private static final int WINDOW_BYTES = 256 * 1024;
  private static final byte[] BODY = new byte[5 << 20];

  static {
    new Random(1).nextBytes(BODY);
  }

  @TempDir Path folder = Path.of("");

  private static FutureTask<Boolean> startWriter(FanOutBuffer buffer) {
    return start(() -> {
      for (int position = 0; position < BODY.length; position += PIECE_BYTES) {
        byte[] piece = Arrays.copyOfRange(BODY, position, position + PIECE_BYTES);
        if (!buffer.append(piece)) return false;
      }
      buffer.complete(Headers.empty());
      return true;
    });
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private static FanOutBuffer.Reader reader(FanOutBuffer buffer) {
    return buffer.reader(RequestFixture.node("a"));
  }

  private long fileCount() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void a_fast_reader_does_not_wait_for_a_slow_one() throws Exception {
    FanOutBuffer buffer = new FanOutBufferFactory(folder, memory).create(2);
    FutureTask<Boolean> writer = startWriter(buffer);
    FanOutBuffer.Reader slow = reader(buffer);
    try (FanOutBuffer.Reader fast = reader(buffer)) {
      assertThat(fast.readAllBytes()).isEqualTo(BODY);
    }
    assertThat(writer.get()).isTrue();
    assertThat(fileCount()).as("files in the folder").isZero();
    assertThat(slow.readAllBytes()).isEqualTo(BODY);
    slow.close();
  }

  @Test
  void without_a_disk_a_fast_reader_waits_for_a_slow_one() throws Exception {
    FanOutBuffer buffer = new FanOutBufferFactory(folder.resolve("absent"), memory).create(2);
    FutureTask<Boolean> writer = startWriter(buffer);
    FanOutBuffer.Reader slow = reader(buffer);
    FanOutBuffer.Reader fast = reader(buffer);
    assertThat(fast.readNBytes(WINDOW_BYTES)).hasSize(WINDOW_BYTES);
    FutureTask<byte[]> remainder = start(fast::readAllBytes);
    assertThat(slow.readNBytes(WINDOW_BYTES / 2)).hasSize(WINDOW_BYTES / 2);
    assertThat(writer.isDone()).isFalse();
    assertThat(slow.readAllBytes()).hasSize(BODY.length - WINDOW_BYTES / 2);
    assertThat(remainder.get()).hasSize(BODY.length - WINDOW_BYTES);
  }

  @Test
  void the_bytes_on_disk_are_bounded_for_all_buffers_together_and_released() throws Exception {
    FanOutBufferFactory buffers = new FanOutBufferFactory(folder, memory, BODY.length);
    for (int i = 0; i < 3; i++) {
      FanOutBuffer buffer = buffers.create(2);
      FutureTask<Boolean> writer = startWriter(buffer);
      FanOutBuffer.Reader slow = reader(buffer);
      try (FanOutBuffer.Reader fast = reader(buffer)) {
        assertThat(fast.readAllBytes()).hasSize(BODY.length);
      }
      assertThat(writer.get()).isTrue();
      slow.close();
    }
  }

  @Test
  void when_all_readers_are_slow_the_node_waits_and_the_disk_is_not_used() throws Exception {
    FanOutBuffer buffer = new FanOutBufferFactory(folder, memory, 0).create(2);
    FutureTask<Boolean> writer = startWriter(buffer);
    try (FanOutBuffer.Reader first = reader(buffer);
        FanOutBuffer.Reader second = reader(buffer)) {
      int read = 0;
      while (read < BODY.length) {
        read += first.readNBytes(PIECE_BYTES).length;
        second.readNBytes(PIECE_BYTES);
      }
    }
    assertThat(writer.get()).isTrue();
  }

  @Test
  void a_client_that_leaves_without_reading_does_not_delay_the_others() throws Exception {
    FanOutBuffer buffer = new FanOutBufferFactory(folder, memory, 0).create(3);
    FutureTask<Boolean> writer = startWriter(buffer);
    buffer.cancelReader();
    reader(buffer).close();
    try (FanOutBuffer.Reader last = reader(buffer)) {
      assertThat(last.readAllBytes()).isEqualTo(BODY);
    }
    assertThat(writer.get()).isTrue();
  }

  @Test
  void nothing_is_appended_when_there_are_no_readers() throws Exception {
    FanOutBuffer buffer = new FanOutBufferFactory(folder, memory).create(2);
    reader(buffer).close();
    buffer.cancelReader();
    assertThat(startWriter(buffer).get()).isFalse();
  }
}
