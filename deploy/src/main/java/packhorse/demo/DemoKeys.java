package packhorse.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/// Generates SSH key pairs (Ed25519) in OpenSSH's file format.
final class DemoKeys {
  private static final int ED25519_BITS = 256;

  private DemoKeys() {}

  /// Generates a key pair, with the private key in `file` (mode 0600) and the public key in
  /// `file.pub`.
  ///
  /// @return the public key as a line of `authorized_keys`, without the comment
  static String write(Path file, String comment) throws IOException {
    try {
      KeyPair pair = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, ED25519_BITS);
      var writer = OpenSSHKeyPairResourceWriter.INSTANCE;
      var privateKey = new ByteArrayOutputStream();
      writer.writePrivateKey(pair, comment, null, privateKey);
      var publicKey = new ByteArrayOutputStream();
      writer.writePublicKey(pair, comment, publicKey);
      Files.createDirectories(file.getParent());
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, privateKey.toByteArray());
      Files.write(file.resolveSibling(file.getFileName() + ".pub"), publicKey.toByteArray());
      String[] fields = publicKey.toString(StandardCharsets.UTF_8).split(" ", 3);
      return fields[0] + " " + fields[1].strip();
    } catch (GeneralSecurityException e) {
      throw new IOException("could not generate a key for " + comment, e);
    }
  }
}
