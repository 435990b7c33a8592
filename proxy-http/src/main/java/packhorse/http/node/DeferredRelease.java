package packhorse.http.node;

import java.util.concurrent.locks.ReentrantLock;

/// Releases a resource once it is closed and no thread uses it any more. Thread-safe; a thread may
/// enter again while it is inside.
final class DeferredRelease {
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable release;
  private int users;
  private boolean closed;

  /// @param release called under the lock whenever the resource is closed and its last user leaves
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
