package packhorse.exchange.call;

import java.util.concurrent.atomic.AtomicLong;

/// A byte budget that several buffers share, for memory or for disk space. Called on any thread.
public final class ByteBudget {
  private final long limit;
  private final AtomicLong reserved = new AtomicLong();

  /// @param limit the budget in bytes
  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /// Reserves bytes.
  ///
  /// @return false, with nothing reserved, if the budget has fewer bytes left
  public boolean tryReserve(long bytes) {
    if (reserved.addAndGet(bytes) <= limit) return true;
    release(bytes);
    return false;
  }

  /// Returns bytes that were reserved.
  public void release(long bytes) {
    reserved.addAndGet(-bytes);
  }
}
