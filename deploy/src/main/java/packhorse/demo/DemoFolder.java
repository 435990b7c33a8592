package packhorse.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// The temporary folder that holds everything of a demo, deleted when it is closed. While it is
/// open, JGit neither reads nor writes configuration of the user or the machine.
///
/// JGit's [SystemReader] belongs to the whole process, so that only one demo can run at a time.
final class DemoFolder implements AutoCloseable {
  private final Path path;
  private final SystemReader previousReader;

  private DemoFolder(Path path, SystemReader previousReader) {
    this.path = path;
    this.previousReader = previousReader;
  }

  /// Creates the folder in the machine's temporary folder, accessible to the user only (mode 0700).
  static DemoFolder create() throws IOException {
    Path path = Files.createTempDirectory("packhorse-demo-").toRealPath();
    SystemReader previousReader = SystemReader.getInstance();
    SystemReader.setInstance(new IsolatedSystemReader(previousReader));
    return new DemoFolder(path, previousReader);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    SystemReader.setInstance(previousReader);
    if (!Files.exists(path)) return;
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) throw failure;
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
