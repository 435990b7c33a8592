package packhorse.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/// Divides the memory of the JVM: between requests, connections, and what the proxy keeps for
/// itself. All limits on memory are derived from the largest sizes of the heap and of the direct
/// memory, so that no number of clients can use up either. Immutable.
///
/// @param heap the largest size of the heap in bytes
/// @param direct the largest size of the direct memory in bytes
public record MemoryPlan(long heap, long direct) {
  private static final long MIB = 1L << 20;

  /// A little less than the smallest `-Xmx`, because the JVM does not count all of it.
  private static final long MIN_HEAP = 88 * MIB;

  private static final long MIN_DIRECT = 64 * MIB;

  /// What the program itself, its caches and a check of a password take of the smallest heap. On a
  /// larger one, what grows with it takes its share of what the budgets of clients leave.
  private static final long OWN_HEAP = 44 * MIB;

  /// The memory of one check of a hash that `packhorse hash` made.
  private static final long OWN_PASSWORD_CHECK = 19 * MIB;

  /// From this size of the heap on, caches have their full size.
  private static final long FULL_SIZE_HEAP = 1024 * MIB;

  private static final MemoryPlan OF_THIS_JVM =
      new MemoryPlan(Runtime.getRuntime().maxMemory(), maxDirectMemory());

  /// Returns the plan for the memory that this JVM may use.
  public static MemoryPlan ofThisJvm() {
    return OF_THIS_JVM;
  }

  private static long maxDirectMemory() {
    var diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long limit = Long.parseLong(diagnostics.getVMOption("MaxDirectMemorySize").getValue());
    return limit > 0 ? limit : Runtime.getRuntime().maxMemory();
  }

  /// Returns why the proxy cannot work with this memory; empty if it can.
  public Optional<String> problem() {
    if (heap < MIN_HEAP) {
      return Optional.of(
          "a heap of at most "
              + heap / MIB
              + " MiB is too small: serve needs -Xmx96m or more, because the program itself, what"
              + " it remembers and the check of a password take half of that");
    }
    return direct < MIN_DIRECT
        ? Optional.of(
            "direct memory of at most "
                + direct / MIB
                + " MiB is too small: serve needs -XX:MaxDirectMemorySize=64m or more, because"
                + " packs pass through it")
        : Optional.empty();
  }

  /// The bytes that all requests together may hold: see [MemoryBudget].
  public long requestBytes() {
    return Math.max(MIB, Math.min(heap - OWN_HEAP, direct) / 3);
  }

  /// The bytes that all connections together may hold, besides their requests: see
  /// [ConnectionBudget].
  public long connectionBytes() {
    return Math.max(MIB, (heap - OWN_HEAP) / 4);
  }

  /// The size of a buffer that one client may fill: a part of what all requests may hold, within
  /// limits.
  ///
  /// @param parts how many such buffers may be full at the same time
  public int bufferBytes(int parts, int min, int max) {
    return Math.clamp(requestBytes() / parts, min, max);
  }

  /// How many passwords may be checked at the same time.
  public int passwordChecks() {
    return heap < 160 * MIB ? 1 : 2;
  }

  /// The bytes of the heap that one check of a password may take, if [#passwordChecks()] run at the
  /// same time: never less than for a hash that `packhorse hash` made.
  public long passwordCheckBytes() {
    return Math.max(OWN_PASSWORD_CHECK, heap / 12);
  }

  /// The size of something that the proxy remembers, on this heap.
  ///
  /// @param full its size on a large heap, in bytes or entries
  public long scaled(long full) {
    return heap >= FULL_SIZE_HEAP ? full : full * (heap / MIB) / (FULL_SIZE_HEAP / MIB);
  }
}
