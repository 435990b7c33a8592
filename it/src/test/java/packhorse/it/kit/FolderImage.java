package packhorse.it.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A folder with all its files, held in memory: a template that takes long to make and is copied
/// for each test. Immutable.
///
/// @param folders the paths of its folders, each before those below it
/// @param files the paths of its files and what is in them
record FolderImage(List<String> folders, Map<String, byte[]> files) {
  /// Reads a folder.
  static FolderImage of(Path folder) throws IOException {
    List<String> folders = new ArrayList<>();
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (var tree = Files.walk(folder)) {
      for (Path each : tree.toList()) {
        String path = folder.relativize(each).toString();
        if (Files.isDirectory(each)) folders.add(path);
        else files.put(path, Files.readAllBytes(each));
      }
    }
    return new FolderImage(folders, files);
  }

  /// Writes all of it there; the folder is made if it is missing.
  void copyTo(Path folder) throws IOException {
    for (String path : folders) Files.createDirectories(folder.resolve(path));
    for (var file : files.entrySet()) Files.write(folder.resolve(file.getKey()), file.getValue());
  }
}
