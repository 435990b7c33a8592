package packhorse.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import packhorse.config.check.StartRecord;
import packhorse.file.FileProblem;
import packhorse.file.PrivateFile;

/// The directory for files that persist across restarts. A file in it records that the proxy has
/// been started before, and with which host keys. Opened by [Assembly].
///
/// @param path the path of the directory
/// @param lastStart what the last start recorded; empty if the proxy has never been started
record StateDirectory(Path path, Optional<StartRecord> lastStart) {
  private static final String KEY = "state.directory";

  /// Opens the directory; creates it with mode 0700 if it does not exist. Takes the permissions of
  /// other users away from one that is empty or holds the record of an earlier start. Any other
  /// directory may have another purpose, so it keeps its mode.
  ///
  /// @throws IOException naming the key of the configuration, the path and the reason
  static StateDirectory open(Path path) throws IOException {
    createPrivateDirectory(KEY, path);
    try {
      if (isOwn(path)) PrivateFile.restrict(path);

      return new StateDirectory(path, StartRecord.read(path));
    } catch (IOException e) {
      throw FileProblem.at(KEY, StartRecord.file(path), "read", e);
    }
  }

  private static boolean isOwn(Path directory) throws IOException {
    if (Files.exists(StartRecord.file(directory))) return true;
    try (Stream<Path> content = Files.list(directory)) {
      return content.findAny().isEmpty();
    }
  }

  /// Whether the proxy has never been started with this directory.
  boolean firstStart() {
    return lastStart.isEmpty();
  }

  /// Records this start. Host keys that are missing at a later start must have been lost, so they
  /// are not generated again.
  void markStarted(StartRecord thisStart) throws IOException {
    try {
      thisStart.write(path);
    } catch (IOException e) {
      throw FileProblem.at(KEY, StartRecord.file(path), "written", e);
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
