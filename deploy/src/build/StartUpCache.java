import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The JVM's AOT cache (JEP 514): classes as they were loaded and linked in one run of Packhorse,
/// the training.
///
/// Another JVM, jar, order of jars or time of a jar, and the JVM leaves it aside without a word: so
/// it is made of the finished distribution, by the command that will use it. A test runs with
/// `-XX:AOTMode=on`, which refuses a cache that does not fit.
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
    Path modules = home.resolve("runtime/lib/modules"); // the JVM looks at its time as well
    String wanted =
        Content.of(List.of(home.resolve("bin"), home.resolve("lib"), modules), cache)
            + Files.getLastModifiedTime(modules);
    if (key.fits(wanted) && Files.exists(cache)) return;
    Files.deleteIfExists(cache);
    // Level 3 collects the profiles that the cache keeps; what C2 would compile is not kept.
    String options = "-XX:TieredStopAtLevel=3 -XX:AOTCacheOutput='" + cache + "'";
    Training.run(home.resolve("bin/packhorse"), options);
    if (!Files.exists(cache)) throw new IOException("the training left no start-up cache");
    key.write(wanted);
  }
}
