package packhorse.http.io;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/// Lets threads wait for futures with a timeout. One timer serves all waits: a timed wait of the
/// JDK on a virtual thread would wake the one thread that schedules all such timeouts, once for
/// each request. Made and destroyed by the clients of the nodes; used on any thread.
public final class WaitTimer extends CyclicTimeouts<WaitTimer.Wait> {
  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

  public WaitTimer(Scheduler scheduler) {
    super(scheduler);
  }

  /// Waits until the future is done.
  ///
  /// @return whether it was completed, normally or exceptionally, before the timeout
  public boolean await(Duration timeout, CompletableFuture<?> future) throws InterruptedException {
    if (future.isDone()) return true;
    var wait = new Wait(System.nanoTime() + timeout.toNanos());
    var _ = future.whenComplete((value, failure) -> wait.ended.countDown());
    waits.add(wait);
    try {
      schedule(wait);
      wait.ended.await();
    } finally {
      waits.remove(wait);
    }
    return future.isDone();
  }

  @Override
  protected Iterator<Wait> iterator() {
    return waits.iterator();
  }

  @Override
  protected boolean onExpired(Wait wait) {
    wait.ended.countDown();
    return true;
  }

  /// One thread's wait, until its future is done or its deadline has passed.
  static final class Wait implements Expirable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long deadline;

    private Wait(long deadline) {
      this.deadline = deadline;
    }

    @Override
    public long getExpireNanoTime() {
      return deadline;
    }
  }
}
