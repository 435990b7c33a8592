package packhorse.exchange;

import java.util.concurrent.atomic.AtomicLong;

/// So many bytes for all together, of memory or of a disk. Called on any thread.
final class Budget {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  Budget(long most) {
    this.most = most;
  }

  /// Takes so many more; false, and takes nothing, where there are not so many left.
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= most) return true;
    giveBack(bytes);
    return false;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
