package packhorse.ssh;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the exec requests being served, so that a front can wait for them when it stops. Called
/// on any thread.
final class ActiveExecs {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int count;
  private boolean stopping;
  private boolean waitAborted;

  /// Counts one more exec; returns false, and counts nothing, once the front is stopping.
  boolean tryStart() {
    lock.lock();
    try {
      if (stopping) return false;
      count++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Ends an exec for which [#tryStart] returned true.
  void finish() {
    lock.lock();
    try {
      count--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets no new exec start and waits until the running ones have finished, or the timeout expires.
  /// A second call, from another thread, ends the wait of the first and does not wait itself.
  void drain(Duration timeout) {
    lock.lock();
    try {
      waitAborted |= stopping || timeout.isZero();
      stopping = true;
      changed.signalAll();
      long remaining = timeout.toNanos();
      while (count > 0 && !waitAborted && remaining > 0) remaining = changed.awaitNanos(remaining);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
