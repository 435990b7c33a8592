package packhorse.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The hash of a token, written as `sha256:HEX`. A token is long and random, so a fast hash is
/// sufficient and a CI job does not pay for a slow one. Created by `packhorse token`. Immutable,
/// for any thread.
public final class TokenHash {
  private static final String PREFIX = "sha256:";

  private final byte[] digest;

  private TokenHash(byte[] digest) {
    this.digest = digest;
  }

  /// Hashes a token.
  public static TokenHash of(String token) {
    return new TokenHash(sha256(token));
  }

  /// Parses `sha256:` followed by 64 hex digits.
  ///
  /// @throws IllegalArgumentException with a message whose subject is left out and which does not
  ///   repeat the text
  public static TokenHash parse(String encoded) {
    if (!isValid(encoded)) {
      throw new IllegalArgumentException("is not a token hash: packhorse token prints one");
    }
    return new TokenHash(HexFormat.of().parseHex(encoded, PREFIX.length(), encoded.length()));
  }

  /// Whether the token matches this hash. The hashes are compared in constant time.
  public boolean verify(String token) {
    return MessageDigest.isEqual(digest, sha256(token));
  }

  /// Whether the token matches this text, in constant time; false if [#parse] does not accept the
  /// text.
  public static boolean verify(String encoded, String token) {
    return isValid(encoded) && parse(encoded).verify(token);
  }

  private static boolean isValid(String encoded) {
    return encoded.matches(PREFIX + "[0-9a-fA-F]{64}");
  }

  /// This hash as `sha256:HEX`.
  public String encoded() {
    return PREFIX + HexFormat.of().formatHex(digest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenHash hash && MessageDigest.isEqual(digest, hash.digest);
  }

  @Override
  public int hashCode() {
    return digest[0];
  }

  @Override
  public String toString() {
    return "TokenHash";
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
