import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/// The jars of the distribution: Packhorse's own and what it needs, one file each, in the order of
/// the class path.
final class Jars {
  private final Path lib;
  private final Key key;
  private final Instant time;

  /// @param time what every jar gets: the start-up cache trusts a jar by its size and time, and an
  ///   unpacked archive must look like the folder that it was made of
  Jars(Path lib, Path key, Instant time) {
    this.lib = lib;
    this.key = new Key(key);
    this.time = time;
  }

  /// Makes the folder hold exactly these jars.
  ///
  /// @param unsigned whether signatures are left out: with a runtime of our own nobody looks at
  ///   them
  List<Path> copy(List<Path> jars, boolean unsigned) throws IOException {
    List<Path> copies = jars.stream().map(jar -> lib.resolve(jar.getFileName())).toList();
    if (copies.stream().distinct().count() != copies.size()) {
      throw new IOException("two jars have one name: " + copies);
    }
    String wanted = Content.of(jars, lib) + time + (unsigned ? " unsigned" : "");
    if (key.fits(wanted) && copies.stream().allMatch(Files::exists)) return copies;
    Folders.delete(lib);
    Files.createDirectories(lib);
    for (Path jar : jars) {
      Path copy = lib.resolve(jar.getFileName());
      if (unsigned && UnsignedJar.signed(jar)) UnsignedJar.copy(jar, copy, time);
      else Files.copy(jar, copy, REPLACE_EXISTING);
      Files.setLastModifiedTime(copy, FileTime.from(time));
    }
    key.write(wanted);
    return copies;
  }
}
