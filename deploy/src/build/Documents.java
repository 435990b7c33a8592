import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Copies the files that an operator reads into the distribution: the documents with the example
/// configurations, and the files for systemd.
final class Documents {
  static void copy(Path project, Path home) throws IOException {
    copyTree(project.resolve("docs"), home.resolve("docs"));
    copyTree(project.resolve("deploy/src/dist/systemd"), home.resolve("systemd"));
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Folders.delete(to);
    if (!Files.isDirectory(from)) return;
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, REPLACE_EXISTING, COPY_ATTRIBUTES);
      }
    }
  }
}
