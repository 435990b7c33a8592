package packhorse.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/// Generates host keys of the three types that clients ask for, in the files that `ssh-keygen -A`
/// writes.
final class HostKeyGenerator {
  private static final Set<PosixFilePermission> KEY_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final RSAKeyGenParameterSpec RSA =
      new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4);

  private HostKeyGenerator() {}

  /// Writes new keys into a folder, which is created when it does not exist.
  static void generate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
    }
    try {
      write(folder.resolve("ssh_host_ed25519_key"), generateEd25519());
      write(
          folder.resolve("ssh_host_ecdsa_key"),
          generate("EC", new ECGenParameterSpec("secp256r1")));
      write(folder.resolve("ssh_host_rsa_key"), generate("RSA", RSA));
    } catch (GeneralSecurityException e) {
      throw new IOException(folder + ": cannot generate host keys", e);
    }
  }

  private static KeyPair generateEd25519() throws GeneralSecurityException {
    return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
  }

  private static KeyPair generate(String algorithm, AlgorithmParameterSpec parameters)
      throws GeneralSecurityException {
    KeyPairGenerator generator = SecurityUtils.getKeyPairGenerator(algorithm);
    generator.initialize(parameters);
    return generator.generateKeyPair();
  }

  private static void write(Path file, KeyPair pair) throws IOException, GeneralSecurityException {
    // The file gets its mode before its content, so that nobody else can ever read a byte of it.
    Files.createFile(file, PosixFilePermissions.asFileAttribute(KEY_FILE));
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "packhorse", null, out);
    }
    try (OutputStream out = Files.newOutputStream(Path.of(file + ".pub"))) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePublicKey(pair.getPublic(), "packhorse", out);
    }
  }
}
