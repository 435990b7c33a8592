package packhorse.http;

import java.util.concurrent.locks.ReentrantLock;

/// Counts the threads that work with something which must be let go exactly when it is closed and
/// none of them is left. For any thread; one may enter again while it is inside.
final class Occupancy {
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable letGo;
  private int inside;
  private boolean closed;

  /// @param letGo called when closed and empty, once for each time that comes true
  Occupancy(Runnable letGo) {
    this.letGo = letGo;
  }

  void enter() {
    lock.lock();
    try {
      inside++;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      inside--;
      letGoIfLeft();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      letGoIfLeft();
    } finally {
      lock.unlock();
    }
  }

  private void letGoIfLeft() {
    if (closed && inside == 0) letGo.run();
  }
}
