package packhorse.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// The hash that names a repository's objects.
public enum ObjectFormat {
  SHA1("sha1", "SHA-1", 20),
  SHA256("sha256", "SHA-256", 32);

  private final String word;
  private final String algorithm;
  private final int rawBytes;

  ObjectFormat(String word, String algorithm, int rawBytes) {
    this.word = word;
    this.algorithm = algorithm;
    this.rawBytes = rawBytes;
  }

  /// The format that git's capability `object-format` names.
  public static Optional<ObjectFormat> of(String word) {
    return word.equals(SHA1.word)
        ? Optional.of(SHA1)
        : word.equals(SHA256.word) ? Optional.of(SHA256) : Optional.empty();
  }

  /// As `object-format` names it: `sha1`, `sha256`.
  public String word() {
    return word;
  }

  /// 40 or 64.
  public int hexDigits() {
    return 2 * rawBytes;
  }

  /// 20 or 32.
  public int rawBytes() {
    return rawBytes;
  }

  /// A new digest of this kind.
  public MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }
}
