import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The JVM's AOT cache (JEP 514): classes as they were loaded and linked in one run of Packhorse,
/// the training.
///
/// Another JVM, jar, order of jars or time of a jar, and the JVM leaves it aside without a word: so
/// it is made of the finished distribution, by the command that will use it, and tried once.
final class StartUpCache {
  private final Path home;
  private final Path cache;
  private final Key key;

  StartUpCache(Path home, Path key) {
    this.home = home;
    this.cache = home.resolve("lib/packhorse.aot");
    this.key = new Key(key);
  }

  void train() throws IOException, InterruptedException {
    String wanted =
        Content.of(
            List.of(home.resolve("bin"), home.resolve("lib"), home.resolve("runtime/release")),
            cache);
    if (key.fits(wanted) && Files.exists(cache)) return;
    Files.deleteIfExists(cache);
    run("-XX:AOTCacheOutput='" + cache + "'");
    run("-XX:AOTMode=on");
    key.write(wanted);
  }

  private void run(String option) throws IOException, InterruptedException {
    Path said = Files.createTempFile("packhorse-training", ".log");
    ProcessBuilder command =
        new ProcessBuilder(home.resolve("bin/packhorse").toString(), "--version");
    command.environment().put("JAVA_TOOL_OPTIONS", option);
    Process process = command.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) process.destroyForcibly();
    if (process.waitFor() != 0 || !Files.exists(cache)) {
      throw new IOException("training with " + option + ": " + Files.readString(said));
    }
    Files.delete(said);
  }
}
