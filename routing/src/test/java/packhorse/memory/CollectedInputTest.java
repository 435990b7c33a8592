package packhorse.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBodyException;

final class CollectedInputTest {
  private final MemoryBudget budget = new MemoryBudget(16 << 20, Duration.ofMillis(20));
  private final MemoryShare share = budget.share(InetAddress.getLoopbackAddress());
  private final AtomicLong seconds = new AtomicLong();

  @Test
  void a_small_body_is_included_and_a_large_one_is_charged_in_steps() throws IOException {
    CollectedInput in = collect(bytes(1 << 20), 4);
    assertThat(in.readNBytes(4096)).hasSize(4096);
    assertThat(budget.heldBytes()).isZero();
    in.readNBytes(100_000);
    assertThat(budget.heldBytes()).isBetween(400_000L, 512_000L);
    in.release();
    assertThat(budget.heldBytes()).isZero();
    in.readNBytes(4096);
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void what_is_still_held_of_a_released_input_remains_charged() throws IOException {
    CollectedInput in = collect(bytes(1 << 20), 4);
    in.readNBytes(50_000);
    long kept = in.receivedBytes();
    in.readNBytes(500_000);
    in.releaseExcept(kept);
    assertThat(in.receivedBytes()).isEqualTo(kept);
    assertThat(budget.heldBytes()).isBetween(4 * kept - 64 * 1024, 4 * kept + 64 * 1024);
    in.release();
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void a_body_for_which_there_is_no_memory_is_refused() {
    share.verify();
    CollectedInput in = collect(bytes(2 << 20), 8);
    assertThatThrownBy(in::readAllBytes)
        .isInstanceOfSatisfying(
            UnreadableBodyException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.BUSY));
    share.close();
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void a_client_that_sends_too_slowly_is_refused() throws IOException {
    CollectedInput in = collect(bytes(1000), 1);
    in.readNBytes(10);
    seconds.addAndGet(30);
    in.readNBytes(10);
    seconds.addAndGet(10);
    assertThatThrownBy(in::read)
        .isInstanceOfSatisfying(
            UnreadableBodyException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.TOO_SLOW));
  }

  @Test
  void the_time_begins_with_the_first_byte_of_each_message() throws IOException {
    CollectedInput in = collect(bytes(1000), 1);
    seconds.addAndGet(3600);
    assertThat(in.readNBytes(10)).hasSize(10);
    seconds.addAndGet(3600);
    in.startMessage();
    assertThat(in.readNBytes(10)).hasSize(10);
  }

  @Test
  void whoever_sends_fast_enough_has_as_much_time_as_it_takes() throws IOException {
    CollectedInput in = collect(bytes(1 << 20), 1);
    for (int i = 0; i < 100; i++) {
      assertThat(in.readNBytes(8192)).hasSize(8192);
      seconds.incrementAndGet();
    }
  }

  private CollectedInput collect(InputStream in, int heapPerByte) {
    return new CollectedInput(in, share, heapPerByte, () -> seconds.get() * 1_000_000_000);
  }

  private static InputStream bytes(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }
}
