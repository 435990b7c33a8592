import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Builds the Java runtime of the distribution with jlink, from the modules of this JDK that
/// Packhorse needs. If jlink does not work, the distribution has no runtime, and `bin/packhorse`
/// uses a Java that is installed on the machine.
final class RuntimeImage {
  /// The modules that the jars depend on, as `jdeps` prints them, and those that operators need:
  /// java.instrument for agents, jdk.jcmd, and jdk.jfr for flight recordings. Without java.desktop,
  /// which only Micrometer's binding to Log4j refers to.
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

  /// Builds the image, unless it exists and was built from the same JDK with the same arguments.
  ///
  /// @return whether the distribution has a runtime
  boolean make() throws IOException, InterruptedException {
    Path release = Path.of(System.getProperty("java.home"), "release");
    List<String> arguments = arguments();
    String inputs = Files.readString(release) + System.getProperty("java.home") + arguments;
    if (key.fits(inputs) && Files.exists(image.resolve("bin/java"))) return true;
    Folders.delete(image);
    if (!link(arguments)) {
      System.err.println("the distribution gets no runtime: jlink of this JDK does not work");
      Folders.delete(image);
      return false;
    }
    // The CDS archive for heaps of 32 GB and more is left out.
    Files.deleteIfExists(image.resolve("lib/server/classes_nocoops.jsa"));
    key.write(inputs);
    return true;
  }

  /// Returns jlink's arguments. The image is not compressed, because it then starts faster and the
  /// tar.gz is smaller. It gets a CDS archive of the JDK's classes, which the JVM uses when it
  /// cannot use the start-up cache.
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

  /// Runs jlink in a new process with a fixed environment, because its output depends on what its
  /// JVM did before and on the language of its environment. Returns whether it succeeded.
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
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() == 0) return true;
    System.err.print(output);
    return false;
  }
}
