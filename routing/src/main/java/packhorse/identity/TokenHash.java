package packhorse.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What the proxy keeps of a token: `sha256:HEX`. A token is long and random, so a fast hash does
/// and a CI job does not pay for a slow one. Made by `packhorse token`, asked by whoever checks
/// credentials. Immutable, for any thread.
public final class TokenHash {
  private static final String PREFIX = "sha256:";

  private final byte[] digest;

  private TokenHash(byte[] digest) {
    this.digest = digest;
  }

  /// The hash of a token.
  public static TokenHash of(String token) {
    return new TokenHash(sha256(token));
  }

  /// Reads `sha256:` and 64 hex digits.
  ///
  /// @throws IllegalArgumentException with a sentence that does not repeat the text
  public static TokenHash parse(String encoded) {
    if (!valid(encoded)) {
      throw new IllegalArgumentException("is no token hash: packhorse token prints one");
    }
    return new TokenHash(HexFormat.of().parseHex(encoded, PREFIX.length(), encoded.length()));
  }

  /// Whether the token is the one, in constant time.
  public boolean verify(String token) {
    return MessageDigest.isEqual(digest, sha256(token));
  }

  /// Whether the token is the one of this text, in constant time; false where the text is no hash.
  public static boolean verify(String encoded, String token) {
    return valid(encoded) && parse(encoded).verify(token);
  }

  private static boolean valid(String encoded) {
    return encoded.matches(PREFIX + "[0-9a-fA-F]{64}");
  }

  /// `sha256:HEX`, for the token's file.
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
