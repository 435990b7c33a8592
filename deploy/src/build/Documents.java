import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Copies the files that an operator reads into the distribution: the documents with the example
/// configurations, the files for systemd, and the licences and the bill of materials that Maven has
/// made.
final class Documents {
  private static final String NOTICE = "NOTICE";
  private static final String BILL = "packhorse.cdx.json";

  static void copy(Path project, Path home) throws IOException {
    copyTree(project.resolve("docs"), home.resolve("docs"));
    copyTree(project.resolve("deploy/src/dist/systemd"), home.resolve("systemd"));
    Path legal = project.resolve("deploy/target/legal");
    Files.copy(legal.resolve(NOTICE), home.resolve(NOTICE), REPLACE_EXISTING, COPY_ATTRIBUTES);
    if (Files.exists(legal.resolve(BILL))) {
      Files.copy(legal.resolve(BILL), home.resolve(BILL), REPLACE_EXISTING, COPY_ATTRIBUTES);
    } else {
      System.err.println("the distribution gets no " + BILL + ": Maven makes none offline");
    }
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
