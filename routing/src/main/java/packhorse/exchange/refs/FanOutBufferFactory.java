package packhorse.exchange.refs;

import java.nio.file.Path;
import packhorse.exchange.call.ByteBudget;

/// Creates a [FanOutBuffer] for each response that several clients share. All of its buffers
/// together keep at most 256 MiB on the disk. Called on any thread.
public final class FanOutBufferFactory {
  private static final long MAX_DISK_BYTES = 256L << 20;

  private final Path directory;
  private final ByteBudget diskBudget;

  /// @param directory where the spill files are created; must not be readable by other users
  public FanOutBufferFactory(Path directory) {
    this(directory, MAX_DISK_BYTES);
  }

  FanOutBufferFactory(Path directory, long maxDiskBytes) {
    this.directory = directory;
    this.diskBudget = new ByteBudget(maxDiskBytes);
  }

  /// Creates the buffer of one response.
  ///
  /// @param readerCount the number of clients that read the response
  FanOutBuffer create(int readerCount) {
    return new FanOutBuffer(readerCount, new SpillFile(directory, diskBudget));
  }
}
