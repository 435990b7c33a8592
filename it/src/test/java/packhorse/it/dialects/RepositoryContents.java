package packhorse.it.dialects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The contents of a bare repository, read from its files.
///
/// @param objects the ids of packed and loose objects
/// @param refs the refs and their values
/// @param shallow the commits at the shallow boundary
record RepositoryContents(
    SortedSet<String> objects, SortedMap<String, String> refs, SortedSet<String> shallow) {

  static final RepositoryContents EMPTY =
      new RepositoryContents(new TreeSet<>(), new TreeMap<>(), new TreeSet<>());

  /// Reads the contents of a repository.
  static RepositoryContents read(Path repository) throws IOException {
    SortedSet<String> objects = new TreeSet<>();
    Path objectsFolder = repository.resolve("objects");
    for (Path file : files(objectsFolder)) {
      String name = objectsFolder.relativize(file).toString();
      if (name.endsWith(".idx")) readPackIndex(file, objects);
      else if (name.indexOf('/') == 2) objects.add(name.replace("/", ""));
    }
    Path shallow = repository.resolve("shallow");
    List<String> boundary = Files.exists(shallow) ? Files.readAllLines(shallow) : List.of();
    return new RepositoryContents(objects, refs(repository), new TreeSet<>(boundary));
  }

  /// Returns the objects that another repository does not have.
  SortedSet<String> objectsMissingFrom(RepositoryContents other) {
    SortedSet<String> missing = new TreeSet<>(objects);
    missing.removeAll(other.objects);
    return missing;
  }

  private static SortedMap<String, String> refs(Path repository) throws IOException {
    SortedMap<String, String> refs = new TreeMap<>();
    Path packed = repository.resolve("packed-refs");
    for (String line : Files.exists(packed) ? Files.readAllLines(packed) : List.<String>of()) {
      int space = line.indexOf(' ');
      if (line.matches("[0-9a-f]+ .*"))
        refs.put(line.substring(space + 1), line.substring(0, space));
    }
    for (Path file : files(repository.resolve("refs"))) {
      refs.put(repository.relativize(file).toString(), Files.readString(file).strip());
    }
    return refs;
  }

  // A pack index of version 2: a table of 256 counts, then all ids in their order.
  private static void readPackIndex(Path file, SortedSet<String> objects) throws IOException {
    ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(file));
    if (index.getInt(0) != 0xff744f63 || index.getInt(4) != 2) {
      throw new IOException(file + " is not a pack index of version 2");
    }
    int count = index.getInt(8 + 255 * 4);
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[20];
      index.get(8 + 256 * 4 + i * 20, id);
      objects.add(HexFormat.of().formatHex(id));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }
}
