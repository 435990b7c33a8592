package packhorse.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// The demo's only folder, deleted when it closes. While it is open JGit reads no configuration of
/// the user or the machine, and writes none.
///
/// JGit keeps its view of the machine for the whole process: one demo at a time.
final class DemoHome implements AutoCloseable {
  private final Path folder;
  private final SystemReader before;

  private DemoHome(Path folder, SystemReader before) {
    this.folder = folder;
    this.before = before;
  }

  /// Makes the folder, among the machine's temporary files, for the user alone (mode 0700).
  static DemoHome create() throws IOException {
    Path folder = Files.createTempDirectory("packhorse-demo-").toRealPath();
    SystemReader before = SystemReader.getInstance();
    SystemReader.setInstance(new Isolated(before));
    return new DemoHome(folder, before);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    SystemReader.setInstance(before);
    if (!Files.exists(folder)) return;
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (failure != null) throw failure;
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
