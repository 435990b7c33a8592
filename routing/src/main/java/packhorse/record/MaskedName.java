package packhorse.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import packhorse.request.PrintableText;

/// Masks names that nobody has verified. Some clients send a token in place of the user's name, so
/// such a name must not stand in a record. Stateless.
final class MaskedName {
  private static final int SHOWN_CHARACTERS = 3;
  private static final int HASH_BYTES = 4;

  private MaskedName() {}

  /// Returns the first three characters of a name and the first eight digits of its SHA-256, such
  /// as `ali…2bd806c9`. Equal names have equal masks, so that records of one client can be found.
  static String of(String name) {
    int end =
        name.offsetByCodePoints(
            0, Math.min(SHOWN_CHARACTERS, name.codePointCount(0, name.length())));
    return PrintableText.of(name.substring(0, end)) + "…" + hash(name);
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
