import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/// Lists the files below folders, and their checksums.
final class FileTree {
  /// Returns a line with the path, size and CRC-32 of each file below `roots` (folders or files),
  /// without the file `except` if it is among them. The text differs after an accidental change; a
  /// CRC-32 does not protect against deliberate ones.
  static String checksums(List<Path> roots, Path except) throws IOException {
    var lines = new StringBuilder();
    for (Path root : roots) {
      for (Path file : files(root)) if (!file.equals(except)) lines.append(line(file));
    }
    return lines.toString();
  }

  /// Returns all files below a folder, sorted by path.
  static List<Path> files(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String line(Path file) throws IOException {
    try (FileChannel bytes = FileChannel.open(file)) {
      var sum = new CRC32();
      sum.update(bytes.map(FileChannel.MapMode.READ_ONLY, 0, bytes.size()));
      return "%s %d %08x%n".formatted(file, bytes.size(), sum.getValue());
    }
  }
}
