package packhorse.identity;

import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The check of one credential that is under way. The request that began it provides its result to
/// all others that need the same one. Used by [PasswordVerifier] on request threads.
final class SharedCheck {
  private final Lock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private boolean hasEnded;
  private Optional<Boolean> result = Optional.empty();

  /// Ends the check.
  ///
  /// @param newResult empty if it was refused or failed
  void end(Optional<Boolean> newResult) {
    lock.lock();
    try {
      hasEnded = true;
      result = newResult;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the check has ended, even when the thread is interrupted.
  ///
  /// @return empty if the check was refused or failed
  Optional<Boolean> await() {
    lock.lock();
    try {
      while (!hasEnded) ended.awaitUninterruptibly();
      return result;
    } finally {
      lock.unlock();
    }
  }
}
