package packhorse.record;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file to which [AuditLog] appends. When it has been moved away, as tools that rotate logs do,
/// the next line goes to a new file at its path. For the thread of [AuditLog] only.
final class AuditFile {
  private static final Logger log = LoggerFactory.getLogger(AuditFile.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private OutputStream out;
  private Optional<Object> openedFile;
  private boolean lastLineIncomplete;
  private boolean reopeningFails;

  /// Opens the file. If it does not exist, it is created with mode 0600.
  ///
  /// @throws IOException when the file cannot be written
  AuditFile(Path path) throws IOException {
    this.path = path;
    out = open();
    openedFile = fileAtPath();
    lastLineIncomplete = endsWithoutNewline();
  }

  private OutputStream open() throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    return new FileOutputStream(path.toFile(), true);
  }

  /// Returns what identifies the file that is at the path now; empty if there is none.
  private Optional<Object> fileAtPath() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return Optional.ofNullable(attributes.fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private boolean endsWithoutNewline() throws IOException {
    if (!Files.isRegularFile(path)) return false;
    try (RandomAccessFile bytes = new RandomAccessFile(path.toFile(), "r")) {
      if (bytes.length() == 0) return false;
      bytes.seek(bytes.length() - 1);
      return bytes.read() != '\n';
    }
  }

  /// Appends one line with a single write.
  ///
  /// @throws IOException when the line cannot be written, or only a part of it
  void write(String line) throws IOException {
    reopenIfMoved();
    // After a line that was truncated because the disk was full, the record starts on a new line.
    String prefix = lastLineIncomplete ? "\n" : "";
    lastLineIncomplete = true;
    out.write((prefix + line + "\n").getBytes(StandardCharsets.UTF_8));
    lastLineIncomplete = false;
  }

  /// Opens the file that is at the path now, if it is another one. If that is not possible, lines
  /// go on to the old file, and the next line tries again.
  void reopenIfMoved() {
    try {
      Optional<Object> current = fileAtPath();
      if (current.isPresent() && Objects.equals(current, openedFile)) return;
      OutputStream old = out;
      out = open();
      old.close();
      openedFile = fileAtPath();
      lastLineIncomplete = endsWithoutNewline();
      reopeningFails = false;
    } catch (IOException e) {
      if (!reopeningFails)
        log.atWarn().setCause(e).log("the audit file was moved and cannot be created again");
      reopeningFails = true;
    }
  }

  void close() throws IOException {
    out.close();
  }
}
