package packhorse.identity;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A long computation on a platform thread of its own, which ends with it. Virtual threads share a
/// few carrier threads, and a computation would occupy one of them until it ends.
final class PlatformThreadTask {
  private final Thread thread;
  private boolean result;
  private @Nullable Throwable failure;

  /// Starts the computation.
  ///
  /// @param name the name of the thread
  PlatformThreadTask(String name, BooleanSupplier task) {
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(task));
  }

  private void run(BooleanSupplier task) {
    try {
      result = task.getAsBoolean();
    } catch (Throwable e) {
      failure = e;
    }
  }

  /// Waits for the result, even when the waiting thread is interrupted.
  ///
  /// @throws RuntimeException the exception of the computation; an error of it, such as
  ///   OutOfMemoryError, is thrown here as well
  boolean await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    return switch (failure) {
      case null -> result;
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case Throwable checked -> throw new IllegalStateException(checked);
    };
  }
}
