package packhorse.ssh;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether the output of one channel makes progress: how long a write has been blocked since its
/// client last granted room in the channel's window. Recorded by the thread of the exec and by MINA
/// SSHD's threads, read by [ConnectionMonitor].
final class OutputProgress {
  private final LongSupplier nanoTime;
  private volatile boolean writing;
  private volatile long lastProgress;

  OutputProgress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Records that a write to the client begins.
  void writeStarted() {
    lastProgress = nanoTime.getAsLong();
    writing = true;
  }

  /// Records that the write has ended, however it did.
  void writeEnded() {
    writing = false;
  }

  /// Records that the client has granted more room.
  void roomGranted() {
    lastProgress = nanoTime.getAsLong();
  }

  /// Whether a write has made no progress for longer than this.
  boolean isBlockedFor(Duration time) {
    return writing && nanoTime.getAsLong() - lastProgress > time.toNanos();
  }
}
