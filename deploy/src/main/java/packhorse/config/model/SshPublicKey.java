package packhorse.config.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// An OpenSSH public key: the first two fields of a line of a `.pub` file.
///
/// @param type such as `ssh-ed25519`
/// @param base64 the key itself, which begins with the type
public record SshPublicKey(String type, String base64) {

  /// Parses `TYPE BASE64 [COMMENT]`.
  ///
  /// @throws IllegalArgumentException with a message for the operator, whose subject is left out
  ///   and which does not repeat the line
  public static SshPublicKey parse(String line) {
    String[] fields = line.strip().split("[ \\t]+", 3);
    if (fields.length < 2) {
      throw new IllegalArgumentException("is not an OpenSSH public key");
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(fields[1]);
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException(
          "is not an OpenSSH public key: its second field is not base64", notBase64);
    }
    ByteBuffer bytes = ByteBuffer.wrap(blob);
    byte[] type = fields[0].getBytes(StandardCharsets.UTF_8);
    if (blob.length < 4 + type.length
        || bytes.getInt() != type.length
        || !bytes.slice(4, type.length).equals(ByteBuffer.wrap(type))) {
      throw new IllegalArgumentException(
          "is not an OpenSSH public key: its data is not of the type in its first field");
    }
    return new SshPublicKey(fields[0], Base64.getEncoder().encodeToString(blob));
  }

  /// Returns the key in the form in which SSH transmits it.
  public byte[] blob() {
    return Base64.getDecoder().decode(base64);
  }

  /// `SHA256:` and base64 without padding, as OpenSSH prints it.
  public String fingerprint() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob());
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
