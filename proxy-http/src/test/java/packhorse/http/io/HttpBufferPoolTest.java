package packhorse.http.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.junit.jupiter.api.Test;

final class HttpBufferPoolTest {
  private static final int KIB = 1024;

  private final HttpBufferPool buffers = new HttpBufferPool(1024 * KIB);

  @Test
  void large_buffers_are_given_out_while_a_quarter_of_the_direct_memory_suffices() {
    RetainableByteBuffer first = buffers.pool().acquire(128 * KIB, true);
    assertThat(first.capacity()).isEqualTo(128 * KIB);
    RetainableByteBuffer second = buffers.pool().acquire(256 * KIB, true);
    assertThat(second.capacity()).isEqualTo(32 * KIB);
    first.release();
    second.release();
    assertThat(buffers.pool().acquire(256 * KIB, true).capacity()).isEqualTo(256 * KIB);
  }

  @Test
  void small_buffers_are_counted_until_all_who_use_them_have_released_them() {
    List<RetainableByteBuffer> used = new ArrayList<>();
    while (!buffers.isExhausted()) used.add(buffers.pool().acquire(32 * KIB, true));
    assertThat(used).hasSize(21);
    RetainableByteBuffer last = used.getLast();
    last.retain();
    last.release();
    assertThat(buffers.isExhausted()).isTrue();
    last.release();
    assertThat(buffers.isExhausted()).isFalse();
    buffers.pool().acquire(1024 * KIB, false);
    assertThat(buffers.isExhausted()).isFalse();
  }
}
