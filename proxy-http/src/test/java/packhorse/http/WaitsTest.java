package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WaitsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ScheduledExecutorScheduler timers = new ScheduledExecutorScheduler("waits", true);
  private final Waits waits = new Waits(timers);

  @BeforeEach
  void start() {
    LifeCycle.start(timers);
  }

  @AfterEach
  void stop() {
    waits.destroy();
    LifeCycle.stop(timers);
  }

  @Test
  void a_wait_ends_when_its_time_is_over() throws InterruptedException {
    long before = System.nanoTime();

    boolean came = waits.within(Duration.ofMillis(20), new CompletableFuture<>());

    assertThat(came).isFalse();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(20_000_000);
  }

  @Test
  void a_wait_ends_when_another_thread_completes_what_it_is_for() throws InterruptedException {
    var well = new CompletableFuture<String>();
    var badly = new CompletableFuture<String>();
    Thread waiting = Thread.currentThread();
    Thread other =
        Thread.startVirtualThread(() -> {
          while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
          well.complete("here");
          while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
          badly.completeExceptionally(new IllegalStateException("not here"));
        });

    assertThat(waits.within(LONG, well)).isTrue();
    assertThat(waits.within(LONG, badly)).isTrue();
    other.join();
  }

  @Test
  void a_short_wait_is_not_kept_waiting_by_a_long_one() throws InterruptedException {
    var never = new CompletableFuture<String>();
    Thread patient =
        Thread.startVirtualThread(() -> {
          try {
            waits.within(LONG, never);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    while (patient.getState() != Thread.State.WAITING) Thread.onSpinWait();

    assertThat(waits.within(Duration.ofMillis(20), new CompletableFuture<>())).isFalse();

    assertThat(patient.isAlive()).isTrue();
    patient.interrupt();
    patient.join();
  }
}
