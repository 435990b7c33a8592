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

/// Appends audit records to a file, one JSON object a line, each with a single write. When the disk
/// fails, the records that are lost are counted, the first loss is logged, and requests are served
/// nevertheless. Called on any thread.
public final class AuditLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final OutputStream out;
  private final AtomicLong lostRecords = new AtomicLong();
  private boolean lastLineIncomplete;

  /// Opens the file. If it does not exist, it is created with mode 0600.
  ///
  /// @throws IOException when the file cannot be written
  public AuditLog(Path file) throws IOException {
    this.file = file;
    if (!Files.exists(file)) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    lastLineIncomplete = endsWithoutNewline(file);
    // Not a FileChannel, which is closed when the thread of a request is interrupted.
    out = new FileOutputStream(file.toFile(), true);
  }

  private static boolean endsWithoutNewline(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      if (bytes.length() == 0) return false;
      bytes.seek(bytes.length() - 1);
      return bytes.read() != '\n';
    }
  }

  /// The number of records that could not be written since the start.
  public long lostRecords() {
    return lostRecords.get();
  }

  synchronized void append(String line) {
    try {
      // After a line that was truncated because the disk was full, the record starts on a new line.
      String prefix = lastLineIncomplete ? "\n" : "";
      out.write((prefix + line + "\n").getBytes(StandardCharsets.UTF_8));
      lastLineIncomplete = false;
    } catch (IOException e) {
      lastLineIncomplete = true;
      if (lostRecords.getAndIncrement() == 0)
        log.atError().setCause(e).log("audit records are being lost");
    }
  }

  /// Returns the record of the request with that id. Reads the whole file.
  public Optional<String> find(String id) throws IOException {
    return find(file, id);
  }

  /// Returns the record of the request with that id from an audit file; the last one if there are
  /// several.
  public static Optional<String> find(Path file, String id) throws IOException {
    String idField = "\"id\":\"" + id + "\"";
    Optional<String> found = Optional.empty();
    try (var in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains(idField)) found = Optional.of(line);
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
