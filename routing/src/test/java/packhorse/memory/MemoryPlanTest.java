package packhorse.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoryPlanTest {
  private static final long MIB = 1L << 20;

  @Test
  void a_heap_that_does_not_suffice_is_refused_in_words() {
    assertThat(plan(64, 64).problem().orElseThrow())
        .contains("a heap of at most 64 MiB is too small: serve needs -Xmx96m or more");
    assertThat(plan(512, 16).problem().orElseThrow()).contains("-XX:MaxDirectMemorySize=64m");
    // What the JVM reports for -Xmx96m.
    assertThat(plan(92, 92).problem()).isEmpty();
    assertThat(plan(1024, 1024).problem()).isEmpty();
  }

  @Test
  void all_parts_together_fit_into_the_heap_and_into_the_direct_memory() {
    for (long heap : new long[] {88, 96, 128, 256, 512, 1024, 4096}) {
      MemoryPlan plan = plan(heap, heap);
      assertThat(plan.requestBytes() + plan.connectionBytes() + 44 * MIB)
          .isBetween(44 * MIB, heap * MIB - heap * MIB / 8);
      assertThat(plan(heap, 64).requestBytes()).isLessThan(64 * MIB / 2);
    }
  }

  @Test
  void what_is_remembered_is_smaller_on_a_small_heap() {
    assertThat(plan(2048, 2048).scaled(1000)).isEqualTo(1000);
    assertThat(plan(256, 256).scaled(1000)).isEqualTo(250);
    assertThat(plan(96, 96).bufferBytes(64, 1000, 2000)).isEqualTo(2000);
  }

  private static MemoryPlan plan(long heapMib, long directMib) {
    return new MemoryPlan(heapMib * MIB, directMib * MIB);
  }
}
