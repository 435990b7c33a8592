package packhorse.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file or folder whose content is only for the user and the group that own it. Stateless; called
/// when the configuration is checked and when the proxy starts.
public final class PrivateFile {
  private static final Logger log = LoggerFactory.getLogger(PrivateFile.class);
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private PrivateFile() {}

  /// Returns the mode of a file, as `rw-r--r--`, if every user of this machine can read, write or
  /// list it. Empty if only owner and group can, if a folder above it keeps others out, and where
  /// that cannot be known: the file does not exist, or its file system has no such modes. Empty,
  /// too, for anything else than a file or folder, such as a device, which holds no content.
  public static Optional<String> modeIfOpenToOthers(Path file) {
    try {
      Path real = file.toRealPath();
      if (!Files.isRegularFile(real) && !Files.isDirectory(real)) return Optional.empty();
      Set<PosixFilePermission> mode = permissions(real);
      if (mode.stream().noneMatch(OF_OTHERS::contains)) return Optional.empty();
      for (Path above = real.getParent(); above != null; above = above.getParent()) {
        if (!permissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return Optional.empty();
        }
      }
      return Optional.of(PosixFilePermissions.toString(mode));
    } catch (IOException e) {
      // Whoever needs the file reports why it cannot be read.
      return Optional.empty();
    }
  }

  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view == null ? Set.of() : view.readAttributes().permissions();
  }

  /// Removes the permissions that other users have on a file or folder, and logs that. If it
  /// belongs to somebody else, so that its mode cannot be changed, that is logged as a warning.
  public static void restrict(Path file) {
    if (modeIfOpenToOthers(file).isEmpty()) return;
    try {
      Set<PosixFilePermission> mode = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      mode.removeAll(OF_OTHERS);
      Files.setPosixFilePermissions(file, mode);
      log.atInfo()
          .addKeyValue("mode", PosixFilePermissions.toString(mode))
          .log("{} was open to other users, its mode has been changed", file);
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("reason", FileProblem.reason(e))
          .log("{} is open to other users, and its mode cannot be changed", file);
    }
  }
}
