package packhorse.http.io;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/// The buffer pool that the HTTP front and the HTTP links to nodes share. Large buffers, which make
/// long transfers cheap, are limited by a budget. When many clients transfer at once and the budget
/// is used up, the pool gives out small buffers instead. All direct buffers that are in use are
/// counted: before they fill the direct memory, the connections of clients read nothing more.
/// Jetty's own limits apply to buffers that are not in use only. Made once by `Assembly`; used on
/// any thread.
public final class HttpBufferPool {
  /// The size of one read from a node. With smaller buffers, wake-ups cost more than copying.
  public static final int NODE_READ_SIZE = 512 * 1024;

  /// Direct buffers of this size and more are given out only while the budget suffices.
  public static final int LARGE_SIZE = 64 * 1024;

  /// The size of a buffer that is given out in place of a large one.
  private static final int REDUCED_SIZE = 32 * 1024;

  private static final long MAX_BUDGET = 256L * 1024 * 1024;

  private final CountingPool pool;

  /// A pool for this JVM: large buffers take at most a quarter of its direct memory, all buffers in
  /// use five eighths, and those not in use a quarter.
  ///
  /// @param directMemory the size of the JVM's direct memory, in bytes
  public HttpBufferPool(long directMemory) {
    this(
        new ArrayByteBufferPool.Quadratic(
            1024, NODE_READ_SIZE, Integer.MAX_VALUE, directMemory / 8, directMemory / 4),
        Math.min(directMemory / 4, MAX_BUDGET),
        directMemory / 8 * 5);
  }

  /// @param pool provides the buffers
  /// @param budget the limit of all buffers in use above which no large ones are given out, in
  ///   bytes
  /// @param limit the limit of all buffers in use, in bytes
  public HttpBufferPool(ByteBufferPool pool, long budget, long limit) {
    this.pool = new CountingPool(pool, budget, limit);
  }

  public ByteBufferPool pool() {
    return pool;
  }

  /// Whether the buffers in use take all the direct memory that they may.
  public boolean isExhausted() {
    return pool.used.get() > pool.limit;
  }

  private static final class CountingPool extends ByteBufferPool.Wrapper {
    private final long budget;
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    CountingPool(ByteBufferPool pool, long budget, long limit) {
      super(pool);
      this.budget = budget;
      this.limit = limit;
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
      if (!direct) return super.acquire(size, false);
      boolean reduced = size >= LARGE_SIZE && used.get() + size > budget;
      return new CountedBuffer(super.acquire(reduced ? REDUCED_SIZE : size, true));
    }

    /// A buffer in use. It is counted until it is released.
    private final class CountedBuffer extends RetainableByteBuffer.Wrapper {
      private final int size;

      CountedBuffer(RetainableByteBuffer buffer) {
        super(buffer);
        this.size = buffer.capacity();
        used.addAndGet(size);
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
