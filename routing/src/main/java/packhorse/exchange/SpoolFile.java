package packhorse.exchange;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a spool that does not fit into memory. The file is made when it is first needed, for
/// its owner alone, and has no name from then on: nothing is left behind, however we end. Where
/// there is no room on the disk, or no disk, nothing is written and the spool says so by its pace.
/// Used under the lock of its spool; no {@code FileChannel}, which an interrupted reader would
/// close for all.
final class SpoolFile {
  private static final Logger log = LoggerFactory.getLogger(SpoolFile.class);

  private final Path directory;
  private final Budget disk;
  private @Nullable RandomAccessFile file;
  private boolean broken;
  private long taken;

  SpoolFile(Path directory, Budget disk) {
    this.directory = directory;
    this.disk = disk;
  }

  /// Writes bytes at their place in the answer; false when that could not be done.
  boolean write(long at, byte[] bytes) {
    if (broken || !disk.take(bytes.length)) return false;
    taken += bytes.length;
    try {
      RandomAccessFile out = opened();
      out.seek(at);
      out.write(bytes);
      return true;
    } catch (IOException e) {
      broken = true;
      log.atWarn().addKeyValue("why", e.toString()).log("a list of refs cannot be spooled");
      return false;
    }
  }

  private RandomAccessFile opened() throws IOException {
    RandomAccessFile open = file;
    if (open != null) return open;
    Path made = Files.createTempFile(directory, "refs-", ".spool");
    try {
      open = new RandomAccessFile(made.toFile(), "rw");
    } finally {
      Files.delete(made);
    }
    file = open;
    return open;
  }

  /// Reads bytes that were written; at least one.
  int read(long at, byte[] into, int from, int count) throws IOException {
    RandomAccessFile in = file;
    if (in == null) throw new IOException("the spool is closed");
    in.seek(at);
    int size = in.read(into, from, count);
    if (size <= 0) throw new IOException("the spool is too short");
    return size;
  }

  void close() {
    disk.giveBack(taken);
    taken = 0;
    broken = true;
    try {
      if (file != null) file.close();
    } catch (IOException e) {
      log.atWarn().addKeyValue("why", e.toString()).log("a spool cannot be closed");
    }
    file = null;
  }
}
