import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the distribution's `bin/packhorse` from its template. The script lists every jar of the
/// class path, because a start-up cache is valid for one order of the jars only.
final class Launcher {
  static void write(Path template, Path home, List<Path> jars) throws IOException {
    String classPath =
        jars.stream()
            .map(jar -> "$home/lib/" + jar.getFileName())
            .collect(Collectors.joining(File.pathSeparator));
    Path script = home.resolve("bin/packhorse");
    Files.createDirectories(script.getParent());
    Files.writeString(script, Files.readString(template).replace("@class-path@", classPath));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
