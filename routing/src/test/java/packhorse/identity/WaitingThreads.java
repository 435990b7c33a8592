package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs the requests of a test, each on a virtual thread of its own, and keeps their password
/// checks running until the test releases them. All methods are called by the test's thread, except
/// [#blockUntilReleased], which the password checks call.
final class WaitingThreads {
  private static final long TIMEOUT_SECONDS = 30;

  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /// Starts a thread that runs a request.
  void start(Runnable request) {
    threads.add(Thread.ofVirtual().start(request));
  }

  /// Blocks the calling password check until [#release].
  ///
  /// @param running counted down before this blocks
  /// @return true; false if the thread was interrupted, or not released within 30 s
  boolean blockUntilReleased(CountDownLatch running) {
    running.countDown();
    try {
      return released.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Waits until each thread is blocked or has ended. Fails after 30 s.
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

  /// Releases all checks, also those that start later, and waits for the end of all threads.
  void release() throws InterruptedException {
    released.countDown();
    for (Thread thread : threads) thread.join();
  }
}
