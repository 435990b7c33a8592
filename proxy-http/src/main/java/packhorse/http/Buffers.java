package packhorse.http;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/// The buffers of everything that speaks HTTP here, front and links. Made once by the assembly.
/// Large ones, which make long transfers cheap, come out of a budget: when many clients transfer at
/// once the next ones get small ones, so that memory is bounded by the budget and not by the number
/// of clients. Used on any thread.
public final class Buffers {
  static final int LARGE = 128 * 1024;
  private static final int SMALL = 32 * 1024;
  private static final int LARGEST = NodeClients.READ;
  private static final long LEAST_BUDGET = 4L * 1024 * 1024;
  private static final long MOST_BUDGET = 256L * 1024 * 1024;

  private final ByteBufferPool pool;

  /// Buffers for this Java process: large ones take at most a quarter of its direct memory.
  public Buffers() {
    this(directMemory());
  }

  /// @param directMemory how much direct memory there is, in bytes
  Buffers(long directMemory) {
    this(
        new ArrayByteBufferPool.Quadratic(
            1024, LARGEST, Integer.MAX_VALUE, directMemory / 8, directMemory / 2),
        Math.clamp(directMemory / 4, LEAST_BUDGET, MOST_BUDGET));
  }

  /// @param budget of large buffers, in bytes
  Buffers(ByteBufferPool kept, long budget) {
    pool = new Budgeted(kept, budget);
  }

  ByteBufferPool pool() {
    return pool;
  }

  private static long directMemory() {
    var hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long set = Long.parseLong(hotspot.getVMOption("MaxDirectMemorySize").getValue());
    return set > 0 ? set : Runtime.getRuntime().maxMemory();
  }

  private static final class Budgeted extends ByteBufferPool.Wrapper {
    private final long budget;
    private final AtomicLong lent = new AtomicLong();

    Budgeted(ByteBufferPool pool, long budget) {
      super(pool);
      this.budget = budget;
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
      if (!direct || size < LARGE) return super.acquire(size, direct);
      if (lent.addAndGet(size) > budget) {
        lent.addAndGet(-size);
        return super.acquire(SMALL, true);
      }
      return new Lent(super.acquire(size, true), size);
    }

    private final class Lent extends RetainableByteBuffer.Wrapper {
      private final int size;

      Lent(RetainableByteBuffer buffer, int size) {
        super(buffer);
        this.size = size;
      }

      @Override
      public boolean release() {
        boolean last = super.release();
        if (last) lent.addAndGet(-size);
        return last;
      }
    }
  }
}
