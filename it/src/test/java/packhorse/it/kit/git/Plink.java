package packhorse.it.kit.git;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.ssh.SshKey;

/// PuTTY's SSH client, which users of git on Windows have. It cannot pass environment variables,
/// and so git uses protocol v0 with it.
///
/// @param key in PuTTY's own format
/// @param hostKey the fingerprint of the server's host key, `SHA256:...`
public record Plink(Path key, int port, String hostKey) {
  /// Converts an OpenSSH key into PuTTY's format. The test is skipped if there is no `plink` or
  /// `puttygen`.
  public static Plink with(SshKey key, int port, String hostKey) {
    Assumptions.assumeTrue(
        Command.isInstalled("plink") && Command.isInstalled("puttygen"),
        "there is no plink on this machine (putty-tools)");
    Path converted = key.privateKey().resolveSibling(key.privateKey().getFileName() + ".ppk");
    String[] argv = {
      "puttygen", key.privateKey().toString(), "-O", "private", "-o", converted.toString()
    };
    Path folder = converted.toAbsolutePath().resolveSibling(".");
    Command.of(folder, argv).env("HOME", folder.toString()).run().expectSuccess();
    return new Plink(converted, port, hostKey);
  }

  /// Returns a copy of `git` that uses plink for SSH.
  public GitRunner configure(GitRunner git) {
    var command = List.of("plink", "-batch", "-noagent", "-i", key.toString(), "-hostkey", hostKey);
    return git.env("GIT_SSH_COMMAND", String.join(" ", command)).env("GIT_SSH_VARIANT", "plink");
  }
}
