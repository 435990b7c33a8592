package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Virtual threads that run requests, and password checks that last until the test releases them.
/// For one thread, except [#blockUntilReleased].
final class WaitingThreads {
  private static final long TIMEOUT_SECONDS = 30;

  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  void start(Runnable request) {
    threads.add(Thread.ofVirtual().start(request));
  }

  /// Blocks a check until [#release].
  ///
  /// @param running counted down first
  /// @return true
  boolean blockUntilReleased(CountDownLatch running) {
    running.countDown();
    try {
      return released.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Waits until each thread waits for something or has ended.
  void awaitAllWaiting() {
    long start = System.nanoTime();
    while (!threads.stream().allMatch(WaitingThreads::isWaitingOrEnded)) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS));
      Thread.onSpinWait();
    }
  }

  private static boolean isWaitingOrEnded(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, BLOCKED, TERMINATED -> true;
      case NEW, RUNNABLE -> false;
    };
  }

  /// Releases all checks and waits for the end of all threads.
  void release() throws InterruptedException {
    released.countDown();
    for (Thread thread : threads) thread.join();
  }
}
