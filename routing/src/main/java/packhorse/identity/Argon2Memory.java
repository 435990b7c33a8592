package packhorse.identity;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;

/// The memory of password checks, kept from one check to the next. As garbage it would fill the old
/// generation, because a check, with 19 MiB of blocks, outlives a collection of the young one. It
/// grows to what the checks need that run at the same time, and the garbage collector takes it back
/// before the heap is full. For any thread.
final class Argon2Memory {
  private SoftReference<BlockPool> pool = new SoftReference<>(null);

  /// The pool for one check.
  synchronized Argon2BytesGenerator.BlockPool pool() {
    BlockPool current = pool.get();
    if (current == null) {
      current = new BlockPool();
      pool = new SoftReference<>(current);
    }
    return current;
  }

  /// The blocks that no check uses. The generator clears a block before it returns it.
  private static final class BlockPool implements Argon2BytesGenerator.BlockPool {
    private final Deque<Argon2BytesGenerator.Block> free = new ArrayDeque<>();

    @Override
    public synchronized Argon2BytesGenerator.Block allocate() {
      Argon2BytesGenerator.Block block = free.pollFirst();
      return block == null ? new Argon2BytesGenerator.Block() : block;
    }

    @Override
    public synchronized void deallocate(Argon2BytesGenerator.Block block) {
      free.addLast(block);
    }
  }
}
