package packhorse.ssh.key;

import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// Checks the public keys of users, so that none is accepted in the configuration with which nobody
/// could ever log in. Stateless; called when the configuration is read.
public final class UserKeyFormat {
  private static final int MIN_RSA_BITS = 2048;
  private static final String CERTIFICATE_SUFFIX = "-cert-v01@openssh.com";

  /// The types of the keys that the front accepts signatures of.
  private static final List<String> TYPES =
      List.of(
          KeyPairProvider.SSH_ED25519,
          "sk-ssh-ed25519@openssh.com",
          KeyPairProvider.ECDSA_SHA2_NISTP256,
          KeyPairProvider.ECDSA_SHA2_NISTP384,
          KeyPairProvider.ECDSA_SHA2_NISTP521,
          "sk-ecdsa-sha2-nistp256@openssh.com",
          KeyPairProvider.SSH_RSA);

  private UserKeyFormat() {}

  /// Checks that a user can log in with a key.
  ///
  /// @param type the first field of its line, such as `ssh-ed25519`
  /// @param blob the bytes of its second field, which begin with the type
  /// @throws IllegalArgumentException with a message whose subject is left out
  public static void check(String type, byte[] blob) {
    if (type.endsWith(CERTIFICATE_SUFFIX)) {
      throw new IllegalArgumentException(
          "is a certificate, and no certificate authority for users is trusted; use the file of the"
              + " key itself, without -cert in its name");
    }
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "is a key of type \"" + type + "\"; supported are " + String.join(", ", TYPES));
    }
    PublicKey key = decode(type, blob);
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new IllegalArgumentException("is an RSA key with fewer than " + MIN_RSA_BITS + " bits");
    }
  }

  private static PublicKey decode(String type, byte[] blob) {
    var buffer = new ByteArrayBuffer(blob);
    try {
      PublicKey key = buffer.getRawPublicKey();
      if (buffer.available() == 0 && type.equals(KeyUtils.getKeyType(key))) return key;
    } catch (SshException | RuntimeException e) {
      throw new IllegalArgumentException(damaged(type), e);
    }
    throw new IllegalArgumentException(damaged(type));
  }

  private static String damaged(String type) {
    return "is damaged: its data is not a key of type \"" + type + "\"";
  }
}
