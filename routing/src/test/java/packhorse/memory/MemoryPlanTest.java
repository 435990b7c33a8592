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
  void checks_of_passwords_at_the_same_time_fit_beside_the_budgets_of_clients() {
    for (long heap : new long[] {88, 92, 128, 160, 256, 512, 768, 1024, 4096}) {
      MemoryPlan plan = plan(heap, heap);
      long checks = plan.passwordChecks() * plan.passwordCheckBytes();
      assertThat(plan.requestBytes() + plan.connectionBytes() + checks + 25 * MIB)
          .isLessThan(heap * MIB - heap * MIB / 8);
    }
  }

  @Test
  void a_larger_heap_allows_checks_of_passwords_that_take_more() {
    assertThat(plan(88, 88).passwordCheckBytes()).isEqualTo(19 * MIB);
    assertThat(plan(160, 160).passwordCheckBytes()).isEqualTo(19 * MIB);
    assertThat(plan(768, 768).passwordCheckBytes()).isEqualTo(64 * MIB);
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
