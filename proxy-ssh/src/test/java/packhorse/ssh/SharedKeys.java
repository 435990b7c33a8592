package packhorse.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/// Keys that every scene may have a copy of, made once: some take long to find.
final class SharedKeys {
  private static final Path MADE = made();

  private SharedKeys() {}

  /// Copies all of them there: the users' keys, and the folder {@code host-keys}.
  static void copyTo(Path folder) throws IOException {
    copy(MADE, folder);
    copy(MADE.resolve("host-keys"), Files.createDirectories(folder.resolve("host-keys")));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static Path made() {
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
        .well();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
