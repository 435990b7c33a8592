package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// Temporary files and folders of the kit, named after this process, so that [Leaks] knows whose
/// they are.
public final class Scratch {
  static final String PREFIX = "packhorse-" + ProcessHandle.current().pid() + "-";

  private Scratch() {}

  /// A new empty file.
  public static Path file(String suffix) {
    try {
      return Files.createTempFile(PREFIX, suffix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A new empty folder.
  public static Path folder() {
    try {
      return Files.createTempDirectory(PREFIX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes a file, or a folder with all that is in it; what is not there is no mistake.
  public static void delete(Path path) {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) return;
    try (var tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The temporary files and folders of this process that are there now.
  static List<Path> left() {
    try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir", "/tmp")))) {
      return all.filter(p -> p.getFileName().toString().startsWith(PREFIX)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
