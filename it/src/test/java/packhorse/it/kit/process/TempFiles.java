package packhorse.it.kit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// Creates and deletes temporary files and folders of the kit. Their names begin with the id of
/// this process, so that the leak check of a test finds those that were not deleted. For any
/// thread.
public final class TempFiles {
  static final String PREFIX = "packhorse-" + ProcessHandle.current().pid() + "-";

  private TempFiles() {}

  /// Creates an empty file.
  public static Path createFile(String suffix) {
    try {
      return Files.createTempFile(PREFIX, suffix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Creates an empty folder.
  public static Path createFolder() {
    try {
      return Files.createTempDirectory(PREFIX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes a file, or a folder with everything in it, if it exists.
  public static void delete(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
    try (var tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the temporary files and folders of this process that exist now.
  public static List<Path> existing() {
    try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir", "/tmp")))) {
      return all.filter(p -> p.getFileName().toString().startsWith(PREFIX)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
