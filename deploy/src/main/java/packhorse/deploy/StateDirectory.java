package packhorse.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// What outlives a restart: a folder of mode 0700 with a mark that says that this proxy has run
/// before.
///
/// @param firstStart whether there was no state yet
record StateDirectory(Path path, boolean firstStart) {
  private static final String MARK = "packhorse-state";

  /// Opens the folder, made with mode 0700 if it is not there.
  static StateDirectory open(Path path) throws IOException {
    folder(path);
    Path mark = path.resolve(MARK);
    return new StateDirectory(path, !Files.exists(mark));
  }

  /// Leaves the mark: from now on, host keys that are missing were lost and are not made anew.
  void started() throws IOException {
    Path mark = path.resolve(MARK);
    if (!Files.exists(mark)) Files.writeString(mark, "1\n");
  }

  /// A folder for us alone; one that is there keeps its mode.
  static void folder(Path path) throws IOException {
    if (Files.isDirectory(path)) return;
    var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(path, ours);
  }
}
