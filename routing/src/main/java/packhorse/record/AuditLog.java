package packhorse.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
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
  private final FileChannel channel;
  private final AtomicLong lost = new AtomicLong();

  /// Opens the file, made with mode 0600 if it is not there.
  ///
  /// @throws IOException when it cannot be written
  public AuditLog(Path file) throws IOException {
    this.file = file;
    channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(OURS));
  }

  /// Records that could not be written since the start.
  public long lost() {
    return lost.get();
  }

  synchronized void append(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) channel.write(bytes);
    } catch (IOException e) {
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
            Channels.newReader(Files.newByteChannel(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains(mark)) found = Optional.of(line);
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
