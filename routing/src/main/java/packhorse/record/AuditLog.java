package packhorse.record;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit file: JSON lines, appended, each written whole. A disk that fails is said in the log
/// and counted; requests go on. Called on any thread.
public final class AuditLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final OutputStream out;
  private final AtomicLong lost = new AtomicLong();
  private boolean torn;

  /// Opens the file, made with mode 0600 if it is not there.
  ///
  /// @throws IOException when it cannot be written
  public AuditLog(Path file) throws IOException {
    this.file = file;
    if (!Files.exists(file)) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OURS));
    }
    torn = cutShort(file);
    // not a channel: that would be closed for good when a request's thread is interrupted
    out = new FileOutputStream(file.toFile(), true);
  }

  private static boolean cutShort(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      if (bytes.length() == 0) return false;
      bytes.seek(bytes.length() - 1);
      return bytes.read() != '\n';
    }
  }

  /// Records that could not be written since the start.
  public long lost() {
    return lost.get();
  }

  synchronized void append(String line) {
    try {
      // behind a line that was cut short by a full disk, a new one begins
      out.write(((torn ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8));
      torn = false;
    } catch (IOException e) {
      torn = true;
      if (lost.getAndIncrement() == 0)
        log.atError().setCause(e).log("audit records are being lost");
    }
  }

  /// The line of the request with that id; reads the whole file.
  public Optional<String> find(String id) throws IOException {
    return find(file, id);
  }

  /// The line of the request with that id in any audit file; the last one wins.
  public static Optional<String> find(Path file, String id) throws IOException {
    String mark = "\"id\":\"" + id + "\"";
    Optional<String> found = Optional.empty();
    try (var in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains(mark)) found = Optional.of(line);
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
