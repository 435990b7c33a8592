package packhorse.http.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WaitTimerTest {
  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(1);

  private final ScheduledExecutorScheduler scheduler =
      new ScheduledExecutorScheduler("wait-timer", true);
  private final WaitTimer timer = new WaitTimer(scheduler);

  @BeforeEach
  void start() {
    LifeCycle.start(scheduler);
  }

  @AfterEach
  void stop() {
    timer.destroy();
    LifeCycle.stop(scheduler);
  }

  @Test
  void a_wait_ends_after_its_timeout() throws InterruptedException {
    long before = System.nanoTime();

    boolean done = timer.await(Duration.ofMillis(20), new CompletableFuture<>());

    assertThat(done).isFalse();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(20_000_000);
  }

  @Test
  void a_wait_ends_when_another_thread_completes_its_future() throws InterruptedException {
    var succeeding = new CompletableFuture<String>();
    var failing = new CompletableFuture<String>();
    Thread waiting = Thread.currentThread();
    Thread other =
        Thread.startVirtualThread(() -> {
          while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
          succeeding.complete("value");
          while (waiting.getState() != Thread.State.WAITING) Thread.onSpinWait();
          failing.completeExceptionally(new IllegalStateException("failure"));
        });

    assertThat(timer.await(LONG_TIMEOUT, succeeding)).isTrue();
    assertThat(timer.await(LONG_TIMEOUT, failing)).isTrue();
    other.join();
  }

  @Test
  void a_short_wait_is_not_delayed_by_a_long_one() throws InterruptedException {
    var never = new CompletableFuture<String>();
    Thread longWait =
        Thread.startVirtualThread(() -> {
          try {
            timer.await(LONG_TIMEOUT, never);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    while (longWait.getState() != Thread.State.WAITING) Thread.onSpinWait();

    assertThat(timer.await(Duration.ofMillis(20), new CompletableFuture<>())).isFalse();

    assertThat(longWait.isAlive()).isTrue();
    longWait.interrupt();
    longWait.join();
  }
}
