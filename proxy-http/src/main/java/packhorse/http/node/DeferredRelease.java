package packhorse.http.node;

import java.util.concurrent.locks.ReentrantLock;

/// Releases a resource when it is closed and no thread uses it. A thread calls [#enter] before a
/// use and [#leave] after it; uses may nest. Thread-safe.
final class DeferredRelease {
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable release;
  private int users;
  private boolean closed;

  /// @param release called under the lock each time that the closed resource has no user left
  DeferredRelease(Runnable release) {
    this.release = release;
  }

  void enter() {
    lock.lock();
    try {
      users++;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      users--;
      releaseIfUnused();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      releaseIfUnused();
    } finally {
      lock.unlock();
    }
  }

  private void releaseIfUnused() {
    if (closed && users == 0) release.run();
  }
}
