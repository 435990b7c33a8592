package packhorse.exchange.refs;

import java.nio.file.Path;
import packhorse.exchange.call.ByteBudget;
import packhorse.memory.MemoryBudget;

/// Creates a [FanOutBuffer] for each response that several clients share. All of its buffers
/// together keep at most 256 MiB on the disk. Called on any thread.
public final class FanOutBufferFactory {
  private static final long MAX_DISK_BYTES = 256L << 20;

  private final Path directory;
  private final MemoryBudget memory;
  private final ByteBudget diskBudget;

  /// @param directory where the spill files are created; must not be readable by other users
  /// @param memory for buffers that grow
  public FanOutBufferFactory(Path directory, MemoryBudget memory) {
    this(directory, memory, MAX_DISK_BYTES);
  }

  FanOutBufferFactory(Path directory, MemoryBudget memory, long maxDiskBytes) {
    this.directory = directory;
    this.memory = memory;
    this.diskBudget = new ByteBudget(maxDiskBytes);
  }

  /// Creates the buffer of one response.
  ///
  /// @param readerCount the number of clients that read the response
  FanOutBuffer create(int readerCount) {
    return new FanOutBuffer(
        readerCount, new SpillFile(directory, diskBudget), memory.sharedByClients());
  }
}
