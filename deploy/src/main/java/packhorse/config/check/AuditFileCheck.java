package packhorse.config.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import packhorse.config.model.Settings;

/// Checks what the audit records are written to. A pipe or a socket is refused: it takes nothing
/// while nobody reads it, and keeps nothing.
record AuditFileCheck(Settings settings, ProblemCollector problems) {
  /// The bits of a file's mode that tell its type, and their value for a character device: Linux,
  /// inode(7).
  private static final int TYPE_BITS = 0170000;

  private static final int CHARACTER_DEVICE = 0020000;

  void check() {
    settings.audit().ifPresent(audit -> check(audit.file()));
  }

  private void check(Path file) {
    if (problems.hasErrorAt("audit")) return;
    if (!Files.exists(file) || Files.isRegularFile(file) || isCharacterDevice(file)) return;
    problems.error("audit.file", file + " is neither a regular file nor a character device");
  }

  private boolean isCharacterDevice(Path file) {
    try {
      int mode = (Integer) Files.getAttribute(file, "unix:mode");
      return (mode & TYPE_BITS) == CHARACTER_DEVICE;
    } catch (IOException e) {
      problems.error("audit.file", file + " cannot be examined: " + e.getMessage());
      return true;
    }
  }
}
