package packhorse.exchange.refs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.exchange.call.ByteBudget;

/// Holds the part of a [FanOutBuffer] that does not fit into memory. The file is created on the
/// first write, readable by its owner only, and deleted at once while it stays open, so that
/// nothing is left behind however the process ends. If there is no disk, or no space or budget
/// left, [#write] returns false and the readers of the buffer have to wait for each other. Used
/// under the lock of the buffer. It uses no `FileChannel`, which an interrupt of one reader would
/// close for all.
final class SpillFile {
  private static final Logger log = LoggerFactory.getLogger(SpillFile.class);

  private final Path directory;
  private final ByteBudget diskBudget;
  private @Nullable RandomAccessFile file;
  private boolean unusable;
  private long reservedBytes;

  SpillFile(Path directory, ByteBudget diskBudget) {
    this.directory = directory;
    this.diskBudget = diskBudget;
  }

  /// Writes bytes at their position in the body; returns false if that is not possible.
  boolean write(long position, byte[] bytes) {
    if (unusable || !diskBudget.tryReserve(bytes.length)) return false;
    reservedBytes += bytes.length;
    try {
      RandomAccessFile out = openFile();
      out.seek(position);
      out.write(bytes);
      return true;
    } catch (IOException e) {
      unusable = true;
      log.atWarn()
          .addKeyValue("reason", e.toString())
          .log("cannot write a ref advertisement to a spill file");
      return false;
    }
  }

  private RandomAccessFile openFile() throws IOException {
    RandomAccessFile open = file;
    if (open != null) return open;
    Path path = Files.createTempFile(directory, "refs-", ".spool");
    try {
      open = new RandomAccessFile(path.toFile(), "rw");
    } finally {
      Files.delete(path);
    }
    file = open;
    return open;
  }

  /// Reads bytes that were written before; at least one.
  int read(long position, byte[] target, int offset, int length) throws IOException {
    RandomAccessFile in = file;
    if (in == null) throw new IOException("the spill file is closed");
    in.seek(position);
    int size = in.read(target, offset, length);
    if (size <= 0) throw new IOException("the spill file is too short");
    return size;
  }

  /// Closes the file and releases its budget. Nothing can be written afterwards.
  void close() {
    diskBudget.release(reservedBytes);
    reservedBytes = 0;
    unusable = true;
    try {
      if (file != null) file.close();
    } catch (IOException e) {
      log.atWarn().addKeyValue("reason", e.toString()).log("cannot close a spill file");
    }
    file = null;
  }
}
