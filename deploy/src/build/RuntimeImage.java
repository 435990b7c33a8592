import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The Java runtime of the distribution: the parts of this JDK that Packhorse needs. Where jlink
/// does not work the distribution goes without, and `bin/packhorse` looks for a Java on the
/// machine.
final class RuntimeImage {
  /// The modules that the jars ask for (`jdeps`), without java.desktop (only a Log4j binding of
  /// Micrometer's names it), and those that operators want: agents (java.instrument), jcmd, flight
  /// recordings.
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.security.jgss",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported");

  private final Path image;
  private final Key key;

  RuntimeImage(Path image, Path key) {
    this.image = image;
    this.key = new Key(key);
  }

  /// Makes the image unless it is there already. Returns whether there is one.
  boolean make() throws IOException, InterruptedException {
    Path release = Path.of(System.getProperty("java.home"), "release");
    List<String> arguments = arguments();
    String wanted = Files.readString(release) + System.getProperty("java.home") + arguments;
    if (key.fits(wanted) && Files.exists(image.resolve("bin/java"))) return true;
    Folders.delete(image);
    if (!link(arguments)) {
      System.err.println("no runtime is made: jlink does not work in this JDK");
      Folders.delete(image);
      return false;
    }
    Files.deleteIfExists(image.resolve("lib/server/classes_nocoops.jsa"));
    key.write(wanted);
    return true;
  }

  /// Not compressed: that starts quicker, and the tar.gz is smaller. One archive of the JDK's
  /// classes (for heaps under 32 GB) serves where the start-up cache cannot.
  private List<String> arguments() {
    return List.of(
        "--add-modules=" + String.join(",", MODULES),
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--compress=zip-0",
        "--generate-cds-archive",
        "--output=" + image);
  }

  /// Runs jlink as a program of its own: what it writes depends on what its JVM did before, and on
  /// the language of its environment.
  private static boolean link(List<String> arguments) throws IOException, InterruptedException {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) return false;
    var command = new ArrayList<String>(List.of(jlink.toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() == 0) return true;
    System.err.print(said);
    return false;
  }
}
