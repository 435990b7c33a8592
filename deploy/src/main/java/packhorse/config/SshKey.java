package packhorse.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// An OpenSSH public key: the first two words of a line of a `.pub` file.
///
/// @param type such as `ssh-ed25519`
/// @param base64 the key itself, which begins with the type
public record SshKey(String type, String base64) {

  /// Reads `TYPE BASE64 [COMMENT]`.
  ///
  /// @throws IllegalArgumentException with a sentence that does not repeat the line
  public static SshKey parse(String line) {
    String[] words = line.strip().split("[ \\t]+", 3);
    if (words.length < 2) {
      throw new IllegalArgumentException("is no OpenSSH public key");
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(words[1]);
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException(
          "is no OpenSSH public key: its second word is no base64", notBase64);
    }
    ByteBuffer bytes = ByteBuffer.wrap(blob);
    byte[] type = words[0].getBytes(StandardCharsets.UTF_8);
    if (blob.length < 4 + type.length
        || bytes.getInt() != type.length
        || !bytes.slice(4, type.length).equals(ByteBuffer.wrap(type))) {
      throw new IllegalArgumentException("is no OpenSSH public key: it is not of the type it says");
    }
    return new SshKey(words[0], Base64.getEncoder().encodeToString(blob));
  }

  /// `SHA256:` and base64 without padding, as OpenSSH prints it.
  public String fingerprint() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(base64));
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
