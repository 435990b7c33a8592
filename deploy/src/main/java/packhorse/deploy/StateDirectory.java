package packhorse.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import packhorse.file.FileProblem;

/// The directory for files that persist across restarts. A marker file in it records that the proxy
/// has been started before. Opened by [Assembly].
///
/// @param path the path of the directory
/// @param firstStart whether the marker file did not exist when the directory was opened
record StateDirectory(Path path, boolean firstStart) {
  private static final String KEY = "state.directory";
  private static final String MARKER = "packhorse-state";

  /// Opens the directory; creates it with mode 0700 if it does not exist.
  ///
  /// @throws IOException naming the key of the configuration, the path and the reason
  static StateDirectory open(Path path) throws IOException {
    createPrivateDirectory(KEY, path);
    return new StateDirectory(path, !Files.exists(path.resolve(MARKER)));
  }

  /// Creates the marker file. Host keys that are missing at a later start must have been lost, so
  /// they are not generated again.
  void markStarted() throws IOException {
    Path marker = path.resolve(MARKER);
    try {
      if (!Files.exists(marker)) Files.writeString(marker, "1\n");
    } catch (IOException e) {
      throw FileProblem.at(KEY, marker, "written", e);
    }
  }

  /// Creates a directory of mode 0700, which only the user of this process may access, and its
  /// missing parents. An existing directory keeps its mode.
  ///
  /// @param key the key of the configuration that names the directory
  /// @throws IOException naming the key, the path and the reason
  static void createPrivateDirectory(String key, Path path) throws IOException {
    if (Files.isDirectory(path)) return;
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      Files.createDirectories(path, ownerOnly);
    } catch (IOException e) {
      throw FileProblem.at(key, path, "created", e);
    }
  }
}
