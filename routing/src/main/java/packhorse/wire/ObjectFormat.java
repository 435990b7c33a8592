package packhorse.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// The object format of a repository: the hash algorithm from which its object ids are computed.
public enum ObjectFormat {
  SHA1("sha1", "SHA-1", 20),
  SHA256("sha256", "SHA-256", 32);

  private final String gitName;
  private final String algorithm;
  private final int rawLength;

  ObjectFormat(String gitName, String algorithm, int rawLength) {
    this.gitName = gitName;
    this.algorithm = algorithm;
    this.rawLength = rawLength;
  }

  /// Returns the format that git's capability `object-format` gives this name; empty if the name is
  /// unknown.
  public static Optional<ObjectFormat> of(String gitName) {
    if (gitName.equals(SHA1.gitName)) return Optional.of(SHA1);
    if (gitName.equals(SHA256.gitName)) return Optional.of(SHA256);
    return Optional.empty();
  }

  /// The name in git's capability `object-format`: `sha1` or `sha256`.
  public String gitName() {
    return gitName;
  }

  /// The length of an object id in bytes: 20 or 32.
  public int rawLength() {
    return rawLength;
  }

  /// A new digest of this algorithm.
  public MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }
}
