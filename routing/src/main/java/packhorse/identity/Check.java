package packhorse.identity;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One check of a password, on a thread of the system that ends with it. Made by [Verdicts] on a
/// request's thread, which waits.
final class Check {
  private final Thread thread;
  private boolean right;
  private @Nullable RuntimeException broken;

  Check(BooleanSupplier check) {
    thread = Thread.ofPlatform().daemon().name("password").start(() -> run(check));
  }

  private void run(BooleanSupplier check) {
    try {
      right = check.getAsBoolean();
    } catch (RuntimeException e) {
      broken = e;
    }
  }

  /// What came of it, whatever happens to whoever waits.
  ///
  /// @throws RuntimeException what the check threw
  boolean verdict() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    if (broken != null) throw broken;
    return right;
  }
}
