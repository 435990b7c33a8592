package packhorse.it.kit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A folder with all its files, held in memory: a template that takes long to create and is copied
/// for each test. Immutable.
///
/// @param folders the relative paths of its folders, each before those below it
/// @param files the relative paths and contents of its files
public record FolderSnapshot(List<String> folders, Map<String, byte[]> files) {
  /// Reads a template that is created for this purpose and deleted afterwards.
  ///
  /// @param creator creates the template in the temporary folder that it gets, and returns the
  ///   folder to read: that one or one below it
  public static FolderSnapshot of(UnaryOperator<Path> creator) {
    Path folder = TempFiles.createFolder();
    try {
      return read(creator.apply(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      TempFiles.delete(folder);
    }
  }

  /// Reads a folder.
  private static FolderSnapshot read(Path folder) throws IOException {
    List<String> folders = new ArrayList<>();
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (var tree = Files.walk(folder)) {
      for (Path entry : tree.toList()) {
        String path = folder.relativize(entry).toString();
        if (Files.isDirectory(entry)) folders.add(path);
        else files.put(path, Files.readAllBytes(entry));
      }
    }
    return new FolderSnapshot(folders, files);
  }

  /// Writes the folders and files into a folder, which is created if it does not exist.
  public void copyTo(Path folder) throws IOException {
    for (String path : folders) Files.createDirectories(folder.resolve(path));
    for (var file : files.entrySet()) Files.write(folder.resolve(file.getKey()), file.getValue());
  }
}
