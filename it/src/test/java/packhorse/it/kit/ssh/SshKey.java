package packhorse.it.kit.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.FolderSnapshot;

/// A key pair that `ssh-keygen` has generated.
///
/// @param privateKey the file for `ssh -i`; the public key is beside it, in a file that ends in
///   `.pub`
public record SshKey(Path privateKey) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /// The keys of this process by name.
  private static final Map<String, FolderSnapshot> ED25519 = new ConcurrentHashMap<>();

  /// Writes an Ed25519 key into a folder. It is the same for all folders in this process, and
  /// another one for another name. The test is skipped if there is no `ssh-keygen`.
  public static SshKey ed25519(Path folder, String name) {
    FolderSnapshot files = ED25519.computeIfAbsent(name, SshKey::generateEd25519);
    var key = new SshKey(folder.resolve(name));
    try {
      files.copyTo(folder);
      // OpenSSH refuses a private key that others can read.
      Files.setPosixFilePermissions(key.privateKey, OWNER_ONLY);
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FolderSnapshot generateEd25519(String name) {
    return FolderSnapshot.of(folder -> {
      generate(folder, name, "-t", "ed25519");
      return folder;
    });
  }

  /// Generates a key with options of `ssh-keygen`, for example `-t rsa -b 3072`. The test is
  /// skipped if there is no `ssh-keygen`.
  public static SshKey generate(Path folder, String name, String... options) {
    Assumptions.assumeTrue(
        Command.isInstalled("ssh-keygen"), "there is no ssh-keygen on this machine");
    Path file = folder.resolve(name);
    var argv = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", name));
    argv.addAll(List.of("-f", file.toString()));
    argv.addAll(List.of(options));
    Command.of(folder, argv.toArray(String[]::new)).run().expectSuccess();
    return new SshKey(file);
  }

  /// Returns the file of the public key.
  public Path publicKey() {
    return privateKey.resolveSibling(privateKey.getFileName() + ".pub");
  }

  /// Returns type, key and comment, as in `authorized_keys`.
  public String publicKeyLine() {
    try {
      return Files.readString(publicKey()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
