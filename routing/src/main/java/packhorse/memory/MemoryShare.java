package packhorse.memory;

import packhorse.request.ClientNetwork;
import packhorse.request.RefusalException;

/// What one request holds of the [MemoryBudget]. Made by the front that received the request, which
/// closes it when the request has ended; everything is returned then. Used on any thread.
public final class MemoryShare implements AutoCloseable {
  final ClientNetwork network;
  private final MemoryBudget budget;
  // guarded by the lock of the budget
  long held;
  boolean verified;
  boolean admitted;
  boolean waits;
  boolean closed;

  MemoryShare(MemoryBudget budget, ClientNetwork network) {
    this.budget = budget;
    this.network = network;
  }

  /// Takes what a request holds at its beginning, or a place to wait for it in [#enter]. Never
  /// blocks, so that a front can call it before it gives the request to a thread.
  ///
  /// @return false if there is neither: the request must be refused at once
  public boolean admit() {
    return budget.admit(this);
  }

  /// Takes what a request holds at its beginning, unless it has that already; waits a moment for
  /// it.
  ///
  /// @throws RefusalException if there is none
  public void enter() throws RefusalException {
    budget.enter(this);
  }

  /// Takes more bytes; waits a moment for them.
  ///
  /// @throws RefusalException if there are none
  public void take(long bytes) throws RefusalException {
    budget.take(this, bytes);
  }

  /// Takes more bytes without waiting.
  ///
  /// @return false if there are none
  public boolean tryTake(long bytes) {
    return budget.tryTake(this, bytes);
  }

  /// Returns bytes before the request ends.
  public void give(long bytes) {
    budget.give(this, bytes);
  }

  /// Records that the client is verified: the proxy has checked its credential, or a node has given
  /// it what it asked for.
  public void verify() {
    budget.verify(this);
  }

  /// Returns everything.
  @Override
  public void close() {
    budget.close(this);
  }
}
