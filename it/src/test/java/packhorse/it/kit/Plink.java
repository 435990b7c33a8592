package packhorse.it.kit;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// PuTTY's client of SSH: what Windows users give to git. It can pass no protocol version on, so
/// git speaks v0 through it.
///
/// @param key in PuTTY's own format
/// @param hostKey the fingerprint that the server must show, `SHA256:...`
public record Plink(Path key, int port, String hostKey) {
  /// Turns an OpenSSH key into PuTTY's format; the test is aborted where there is no plink or
  /// puttygen.
  public static Plink with(SshKey key, int port, String hostKey) {
    Assumptions.assumeTrue(
        Command.exists("plink") && Command.exists("puttygen"),
        "there is no plink on this machine (putty-tools)");
    Path own = key.privateKey().resolveSibling(key.privateKey().getFileName() + ".ppk");
    String[] argv = {
      "puttygen", key.privateKey().toString(), "-O", "private", "-o", own.toString()
    };
    Path folder = own.toAbsolutePath().resolveSibling(".");
    Command.of(folder, argv).env("HOME", folder.toString()).run().expectSuccess();
    return new Plink(own, port, hostKey);
  }

  /// Git that goes over SSH by plink.
  public GitRunner equip(GitRunner git) {
    var words = List.of("plink", "-batch", "-noagent", "-i", key.toString(), "-hostkey", hostKey);
    return git.env("GIT_SSH_COMMAND", String.join(" ", words)).env("GIT_SSH_VARIANT", "plink");
  }
}
