import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The jars of the distribution: Packhorse's own and what it needs, one file each, in the order of
/// the class path.
final class Jars {
  /// Makes `lib` hold exactly these jars. All get the same time: the start-up cache trusts a jar by
  /// its size and time, and an unpacked archive must look like the folder that it was made of.
  static List<Path> copy(Path ownJar, List<Path> others, Path lib, Instant time)
      throws IOException {
    Files.createDirectories(lib);
    var jars = new ArrayList<Path>();
    for (Path jar : concat(ownJar, others)) {
      Path copy = lib.resolve(jar.getFileName());
      if (jars.contains(copy))
        throw new IOException("two jars are called \"" + jar.getFileName() + "\"");
      jars.add(copy);
      if (Files.exists(copy) && Files.mismatch(jar, copy) == -1) continue;
      Files.copy(jar, copy, REPLACE_EXISTING);
      Files.setLastModifiedTime(copy, FileTime.from(time));
    }
    deleteOthers(lib, new HashSet<>(jars));
    return jars;
  }

  private static List<Path> concat(Path first, List<Path> rest) {
    var all = new ArrayList<Path>();
    all.add(first);
    all.addAll(rest);
    return all;
  }

  private static void deleteOthers(Path lib, Set<Path> wanted) throws IOException {
    try (var files = Files.newDirectoryStream(lib, "*.jar")) {
      for (Path file : files) if (!wanted.contains(file)) Files.delete(file);
    }
  }
}
