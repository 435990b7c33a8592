package packhorse.http;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/// Waits with a limit, of threads for what other threads complete. One timer serves all of them: a
/// timed wait of a virtual thread would wake the one thread that keeps their times, for each
/// request. Made and closed by the {@link NodeClients}; used on any thread.
final class Waits extends CyclicTimeouts<Waits.Wait> {
  private final Set<Wait> all = ConcurrentHashMap.newKeySet();

  Waits(Scheduler scheduler) {
    super(scheduler);
  }

  /// Waits for that.
  ///
  /// @return whether it was completed, well or not, before the time was over
  boolean within(Duration patience, CompletableFuture<?> what) throws InterruptedException {
    if (what.isDone()) return true;
    var wait = new Wait(System.nanoTime() + patience.toNanos());
    var _ = what.whenComplete((value, failure) -> wait.ended.countDown());
    all.add(wait);
    try {
      schedule(wait);
      wait.ended.await();
    } finally {
      all.remove(wait);
    }
    return what.isDone();
  }

  @Override
  protected Iterator<Wait> iterator() {
    return all.iterator();
  }

  @Override
  protected boolean onExpired(Wait wait) {
    wait.ended.countDown();
    return true;
  }

  /// One of them.
  static final class Wait implements Expirable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long until;

    private Wait(long until) {
      this.until = until;
    }

    @Override
    public long getExpireNanoTime() {
      return until;
    }
  }
}
