package packhorse.exchange.refs;

import java.nio.ByteBuffer;
import java.util.Optional;
import packhorse.exchange.call.ByteBudget;
import packhorse.memory.MemoryPlan;
import packhorse.node.AdvertisedTips;
import packhorse.wire.refs.RefTips;
import packhorse.wire.refs.TipCollector;

/// Collects the tips of one ref advertisement as [TipCollector] does, within a memory budget that
/// several collectors share. One that gets no more memory collects nothing further and has no tips.
/// Used on one thread at a time.
final class BudgetedTipCollector implements AutoCloseable {
  private static final long MAX_COLLECTED_BYTES = 8L << 20;

  // Each line of an advertisement has forty digits and the name of a ref, of which sixteen bytes
  // are collected.
  private static final int BYTES_PER_COLLECTED_BYTE = 3;

  private final TipCollector collector = new TipCollector(AdvertisedTips.MAX_REFS);
  private final ByteBudget budget;
  private boolean overBudget;
  private long reservedBytes;

  BudgetedTipCollector(ByteBudget budget) {
    this.budget = budget;
  }

  /// Returns a budget for collectors that do the same work.
  static ByteBudget newBudget() {
    return new ByteBudget(MemoryPlan.ofThisJvm().scaled(MAX_COLLECTED_BYTES));
  }

  /// Collects the next bytes of the advertisement.
  ///
  /// @return false if there is no memory for them, or was none for earlier ones
  boolean add(ByteBuffer bytes) {
    if (overBudget) return false;
    int needed = bytes.remaining() / BYTES_PER_COLLECTED_BYTE;
    overBudget = !budget.tryReserve(needed);
    if (overBudget) return false;
    reservedBytes += needed;
    collector.onBytes(bytes);
    return true;
  }

  /// Whether the list has refs and ends with the bytes so far.
  boolean complete() {
    return collector.complete();
  }

  /// Called when the advertisement has ended.
  void onEnd() {
    collector.onEnd();
  }

  /// The tips of a valid list; empty if there was no memory for all of them.
  Optional<RefTips> tips() {
    return overBudget ? Optional.empty() : collector.tips();
  }

  /// Returns the memory.
  @Override
  public void close() {
    budget.release(reservedBytes);
    reservedBytes = 0;
  }
}
