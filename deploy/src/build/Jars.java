import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/// Copies Packhorse's jar and those of its dependencies into the folder `lib` of the distribution.
/// Used by [Distribution].
final class Jars {
  private final Path lib;
  private final Key key;
  private final Instant time;

  /// @param lib the folder for the copies
  /// @param key the file that records the inputs, see [Key]
  /// @param time the modification time of every copy. The JVM uses a start-up cache only if the
  ///   size and time of each jar are the same as in the training run, so they must also be the same
  ///   in an unpacked archive
  Jars(Path lib, Path key, Instant time) {
    this.lib = lib;
    this.key = new Key(key);
    this.time = time;
  }

  /// Replaces the contents of the folder by copies of these jars, unless it has them already.
  ///
  /// @param jars Packhorse's jar and its dependencies, in the order of the class path
  /// @param unsigned whether signatures are left out, see [UnsignedJar]
  /// @return the copies, in the same order
  /// @throws IOException also if two jars have the same file name
  List<Path> copy(List<Path> jars, boolean unsigned) throws IOException {
    List<Path> copies = jars.stream().map(jar -> lib.resolve(jar.getFileName())).toList();
    if (copies.stream().distinct().count() != copies.size()) {
      throw new IOException("two jars have the same file name: " + copies);
    }
    String inputs = FileTree.checksums(jars, lib) + time + (unsigned ? " unsigned" : "");
    if (key.fits(inputs) && copies.stream().allMatch(Files::exists)) return copies;
    Folders.delete(lib);
    Files.createDirectories(lib);
    for (Path jar : jars) {
      Path copy = lib.resolve(jar.getFileName());
      if (unsigned && UnsignedJar.signed(jar)) UnsignedJar.copy(jar, copy, time);
      else Files.copy(jar, copy, REPLACE_EXISTING);
      Files.setLastModifiedTime(copy, FileTime.from(time));
    }
    key.write(inputs);
    return copies;
  }
}
