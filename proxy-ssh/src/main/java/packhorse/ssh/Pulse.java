package packhorse.ssh;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.sshd.common.AttributeRepository.AttributeKey;

/// Whether the client of one connection is alive: when it was last heard, whether it owes us an
/// answer to a keep-alive, and how many channels it has open. Used on any thread.
final class Pulse {
  static final AttributeKey<Pulse> OF_SESSION = new AttributeKey<>();

  private final LongSupplier nanoTime;
  private final long begun;
  private final AtomicInteger channels = new AtomicInteger();
  private final AtomicBoolean before = new AtomicBoolean();
  private volatile long lastHeard;
  private volatile boolean asked;

  Pulse(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.lastHeard = begun;
  }

  void heard() {
    lastHeard = nanoTime.getAsLong();
  }

  /// True for the first channel of the connection.
  boolean first() {
    return !before.getAndSet(true);
  }

  void opened() {
    heard();
    channels.incrementAndGet();
  }

  void closed() {
    channels.decrementAndGet();
  }

  int channels() {
    return channels.get();
  }

  boolean olderThan(Duration age) {
    return nanoTime.getAsLong() - begun > age.toNanos();
  }

  boolean silentFor(Duration time) {
    return nanoTime.getAsLong() - lastHeard > time.toNanos();
  }

  /// Whether the client owes an answer to a keep-alive.
  boolean asked() {
    return asked;
  }

  void ask() {
    asked = true;
  }

  void answered() {
    asked = false;
    heard();
  }
}
