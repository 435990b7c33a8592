package packhorse.ssh;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the execs that run, so that a front can wait for them when it stops.
final class RunningExecs {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int count;
  private boolean stopping;
  private boolean hurried;

  /// False once the front is stopping.
  boolean begin() {
    lock.lock();
    try {
      if (stopping) return false;
      count++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      count--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets no more begin and waits for those that run, at most so long. A second call with less
  /// patience ends the first.
  void drain(Duration patience) {
    lock.lock();
    try {
      hurried |= stopping || patience.isZero();
      stopping = true;
      changed.signalAll();
      long left = patience.toNanos();
      while (count > 0 && !hurried && left > 0) left = changed.awaitNanos(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
