package packhorse.exchange.refs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A value that one thread sets once and others wait for. Thread-safe.
final class OnceSetValue<T> {
  private final CountDownLatch set = new CountDownLatch(1);
  private volatile @Nullable T value;

  /// Sets the value; returns false if there is one already.
  synchronized boolean set(T newValue) {
    if (value != null) return false;
    value = newValue;
    set.countDown();
    return true;
  }

  boolean isSet() {
    return value != null;
  }

  /// The value; empty until it is set.
  Optional<T> get() {
    return Optional.ofNullable(value);
  }

  /// Waits until the value is set; returns false if the time is over before.
  boolean await(Duration time) throws InterruptedException {
    return set.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
