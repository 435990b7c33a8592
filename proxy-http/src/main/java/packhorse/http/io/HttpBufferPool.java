package packhorse.http.io;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/// The buffer pool that the HTTP front and the HTTP links to nodes share. Large buffers, which make
/// long transfers cheap, are limited by a budget. When many clients transfer at once and the budget
/// is used up, the pool gives out small buffers instead, so that memory is bounded by the budget
/// and not by the number of clients. Made once by `Assembly`; used on any thread.
public final class HttpBufferPool {
  /// The size of one read from a node. With smaller buffers, wake-ups cost more than copying.
  public static final int NODE_READ_SIZE = 512 * 1024;

  /// Direct buffers of this size and more count against the budget.
  public static final int LARGE_SIZE = 128 * 1024;

  /// The size of a buffer that is given out in place of a large one.
  private static final int REDUCED_SIZE = 32 * 1024;

  private static final long MIN_BUDGET = 4L * 1024 * 1024;
  private static final long MAX_BUDGET = 256L * 1024 * 1024;

  private final ByteBufferPool pool;

  /// A pool for this JVM: large buffers take at most a quarter of its direct memory.
  public HttpBufferPool() {
    this(directMemory());
  }

  /// @param directMemory the size of the JVM's direct memory, in bytes
  HttpBufferPool(long directMemory) {
    this(
        new ArrayByteBufferPool.Quadratic(
            1024, NODE_READ_SIZE, Integer.MAX_VALUE, directMemory / 8, directMemory / 2),
        Math.clamp(directMemory / 4, MIN_BUDGET, MAX_BUDGET));
  }

  /// @param pool provides the buffers
  /// @param budget the limit of all large buffers in use, in bytes
  public HttpBufferPool(ByteBufferPool pool, long budget) {
    this.pool = new BudgetedPool(pool, budget);
  }

  public ByteBufferPool pool() {
    return pool;
  }

  private static long directMemory() {
    var diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long limit = Long.parseLong(diagnostics.getVMOption("MaxDirectMemorySize").getValue());
    return limit > 0 ? limit : Runtime.getRuntime().maxMemory();
  }

  private static final class BudgetedPool extends ByteBufferPool.Wrapper {
    private final long budget;
    private final AtomicLong used = new AtomicLong();

    BudgetedPool(ByteBufferPool pool, long budget) {
      super(pool);
      this.budget = budget;
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
      if (!direct || size < LARGE_SIZE) return super.acquire(size, direct);
      if (used.addAndGet(size) > budget) {
        used.addAndGet(-size);
        return super.acquire(REDUCED_SIZE, true);
      }
      return new LargeBuffer(super.acquire(size, true), size);
    }

    /// A large buffer, which returns its size to the budget when it is released.
    private final class LargeBuffer extends RetainableByteBuffer.Wrapper {
      private final int size;

      LargeBuffer(RetainableByteBuffer buffer, int size) {
        super(buffer);
        this.size = size;
      }

      @Override
      public boolean release() {
        boolean last = super.release();
        if (last) used.addAndGet(-size);
        return last;
      }
    }
  }
}
