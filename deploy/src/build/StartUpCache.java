import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Creates the start-up cache of the distribution: the JVM's AOT cache (JEP 514), which holds
/// classes as they were loaded and linked in one run of Packhorse, the training. Used by
/// [Distribution].
///
/// The JVM silently ignores a cache that was created with another JVM, with other jars, with
/// another order of the jars or with other modification times of them. Therefore the training runs
/// the finished distribution, by the command that will use the cache. A test runs with
/// `-XX:AOTMode=on`, with which the JVM does not start if the cache cannot be used.
final class StartUpCache {
  private final Path home;
  private final Path cache;
  private final Key key;

  /// @param home the folder of the distribution
  /// @param key the file that records the inputs, see [Key]
  StartUpCache(Path home, Path key) {
    this.home = home;
    this.cache = home.resolve("lib/packhorse.aot");
    this.key = new Key(key);
  }

  /// Runs the training and writes the cache, unless there is one for the same files.
  ///
  /// @throws IOException also if the training fails or the JVM writes no cache
  void train() throws IOException, InterruptedException {
    // The JVM also compares the modification time of this file.
    Path modules = home.resolve("runtime/lib/modules");
    String inputs =
        FileTree.checksums(List.of(home.resolve("bin"), home.resolve("lib"), modules), cache)
            + Files.getLastModifiedTime(modules);
    if (key.fits(inputs) && Files.exists(cache)) return;
    Files.deleteIfExists(cache);
    // Compiler level 3 (C1) collects the profiles that the cache stores. Level 4 (C2) would
    // only take time, because the cache does not store compiled code.
    String options = "-XX:TieredStopAtLevel=3 -XX:AOTCacheOutput='" + cache + "'";
    Training.run(home.resolve("bin/packhorse"), options);
    if (!Files.exists(cache)) throw new IOException("the training has written no start-up cache");
    key.write(inputs);
  }
}
