package packhorse.it.kit.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.FolderSnapshot;

/// Provides SSH host keys for all proxies that the tests of this process start. They are generated
/// once by `ssh-keygen` and then copied, because Java takes seconds to generate an RSA key. Types,
/// sizes and names are those of the keys that a proxy generates at its first start. For any thread.
public final class SharedHostKeys {
  private static final Optional<FolderSnapshot> KEYS =
      Command.isInstalled("ssh-keygen")
          ? Optional.of(FolderSnapshot.of(SharedHostKeys::generate))
          : Optional.empty();

  private SharedHostKeys() {}

  /// Copies the keys into a folder, unless it exists. Without `ssh-keygen` it copies nothing, and a
  /// proxy generates its own keys.
  public static void copyTo(Path folder) throws IOException {
    if (Files.notExists(folder) && KEYS.isPresent()) KEYS.get().copyTo(folder);
  }

  private static Path generate(Path folder) {
    for (String type : List.of("ed25519", "ecdsa", "rsa")) {
      String bits = type.equals("rsa") ? "3072" : "256";
      SshKey.generate(folder, "ssh_host_" + type + "_key", "-t", type, "-b", bits);
    }
    return folder;
  }
}
