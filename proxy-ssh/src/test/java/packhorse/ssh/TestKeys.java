package packhorse.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/// Keys for the tests, generated once for all of them, because RSA keys take long to generate.
final class TestKeys {
  private static final Path GENERATED = generate();

  private TestKeys() {}

  /// Copies all of them into a folder: the users' keys, and the subfolder `host-keys`.
  static void copyTo(Path folder) throws IOException {
    copy(GENERATED, folder);
    copy(GENERATED.resolve("host-keys"), Files.createDirectories(folder.resolve("host-keys")));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static Path generate() {
    try {
      Path folder = Files.createTempDirectory("keys");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      for (String name : new String[] {"alice", "bob", "mallory", "twice"})
        keygen(folder, name, "ed25519");
      keygen(folder, "carol", "rsa");
      // as a first start makes them; Java would take seconds to find an RSA key
      Path hostKeys = Files.createDirectory(folder.resolve("host-keys"));
      for (String type : new String[] {"ed25519", "ecdsa", "rsa"})
        keygen(hostKeys, "ssh_host_" + type + "_key", type);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void keygen(Path folder, String name, String type) throws IOException {
    new Command(folder, Map.of())
        .run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", name)
        .expectSuccess();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
