package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// A key pair that ssh-keygen made.
///
/// @param privateKey the file that `ssh -i` wants; the public half lies beside it
public record SshKey(Path privateKey) {
  /// Makes an Ed25519 key; the test is aborted where there is no ssh-keygen.
  public static SshKey ed25519(Path folder, String name) {
    return make(folder, name, "-t", "ed25519");
  }

  /// Makes a key of another type, `-t rsa -b 3072` for example.
  public static SshKey make(Path folder, String name, String... type) {
    Assumptions.assumeTrue(Command.exists("ssh-keygen"), "there is no ssh-keygen on this machine");
    Path file = folder.resolve(name);
    var argv =
        new java.util.ArrayList<>(java.util.List.of("ssh-keygen", "-q", "-N", "", "-C", name));
    argv.addAll(java.util.List.of("-f", file.toString()));
    argv.addAll(java.util.List.of(type));
    Command.of(folder, argv.toArray(String[]::new)).run().expectSuccess();
    return new SshKey(file);
  }

  public Path publicKey() {
    return privateKey.resolveSibling(privateKey.getFileName() + ".pub");
  }

  /// Type, key and comment, as in `authorized_keys`.
  public String line() {
    try {
      return Files.readString(publicKey()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
