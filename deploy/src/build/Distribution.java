import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Builds the distribution in `deploy/target/packhorse/`, and a tar.gz of it. Run by Maven in the
/// phase `package`, on the JDK that compiled. Parts whose inputs have not changed since the last
/// build are not built again.
///
/// Arguments: the folder of the project, Packhorse's version, the modification time for jars and
/// archive entries, and the class path.
final class Distribution {
  public static void main(String[] args) throws Exception {
    Path project = Path.of(args[0]);
    String version = args[1];
    Instant time = Instant.parse(args[2]);
    Path target = project.resolve("deploy/target");
    Path home = target.resolve("packhorse");

    var jars = new ArrayList<Path>();
    jars.add(target.resolve("packhorse-deploy-" + version + ".jar"));
    jars.addAll(classPath(args[3]));

    boolean runtime =
        new RuntimeImage(home.resolve("runtime"), target.resolve("runtime.key")).make();
    List<Path> copies =
        new Jars(home.resolve("lib"), target.resolve("lib.key"), time).copy(jars, runtime);
    Launcher.write(project.resolve("deploy/src/dist/bin/packhorse"), home, copies);
    Documents.copy(project, home);
    if (runtime) new StartUpCache(home, target.resolve("packhorse.aot.key")).train();
    new Archive(home, target.resolve("packhorse-" + version + ".tar.gz"), time)
        .write("packhorse-" + version);
  }

  private static List<Path> classPath(String entries) throws IOException {
    List<Path> jars =
        Arrays.stream(entries.split(java.io.File.pathSeparator))
            .map(Path::of)
            .filter(Files::isRegularFile)
            .toList();
    if (jars.isEmpty()) throw new IOException("no jar on the class path \"" + entries + "\"");
    return jars;
  }
}
