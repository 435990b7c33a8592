package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The SSH host keys of all proxies that the tests of this process start: made once and copied, by
/// `ssh-keygen`, because Java takes seconds to find an RSA key. Types, sizes and names are those of
/// the keys that a proxy makes at its first start. For any thread.
public final class SharedHostKeys {
  private static final Optional<FolderImage> MADE =
      Command.exists("ssh-keygen") ? Optional.of(make()) : Optional.empty();

  private SharedHostKeys() {}

  /// Copies them there, unless that folder exists. Without `ssh-keygen` a proxy makes its own.
  public static void copyTo(Path folder) throws IOException {
    if (Files.notExists(folder) && MADE.isPresent()) MADE.get().copyTo(folder);
  }

  private static FolderImage make() {
    Path folder = Scratch.folder();
    try {
      for (String type : List.of("ed25519", "ecdsa", "rsa")) {
        String bits = type.equals("rsa") ? "3072" : "256";
        SshKey.make(folder, "ssh_host_" + type + "_key", "-t", type, "-b", bits);
      }
      return FolderImage.of(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(folder);
    }
  }
}
