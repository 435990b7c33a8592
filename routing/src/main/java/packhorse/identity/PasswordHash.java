package packhorse.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import packhorse.memory.MemoryPlan;

/// The hash of a password: Argon2id (RFC 9106), written in the PHC string format
/// `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. Created by `packhorse hash`. Immutable, for any
/// thread. A check needs [#memoryKib()] of heap while it runs, so callers must limit how many run
/// at the same time, and accept only hashes that [#requireFits] accepts.
public final class PasswordHash {
  /// Memory, passes and lanes of new hashes, as OWASP recommends for Argon2id.
  private static final int MEMORY_KIB = 19 * 1024;

  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private static final Pattern PHC_FORMAT =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  /// Hashes a password with a new salt; takes about a tenth of a second and 19 MiB.
  public static PasswordHash of(CharSequence password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] placeholder = new byte[HASH_BYTES];
    byte[] hash =
        new PasswordHash(MEMORY_KIB, PASSES, LANES, salt, placeholder)
            .compute(password, new Argon2Memory());
    return new PasswordHash(MEMORY_KIB, PASSES, LANES, salt, hash);
  }

  /// Parses the PHC string format, whichever program wrote it. The parameters are limited to 256
  /// MiB, 16 passes and 16 lanes.
  ///
  /// @throws IllegalArgumentException with a message whose subject is left out and which does not
  ///   repeat the text
  public static PasswordHash parse(String encoded) {
    Matcher m = PHC_FORMAT.matcher(encoded);
    if (!m.matches()) {
      throw new IllegalArgumentException("is not a password hash: packhorse hash prints one");
    }
    int memoryKib = Integer.parseInt(m.group(1));
    int passes = Integer.parseInt(m.group(2));
    int lanes = Integer.parseInt(m.group(3));
    if (lanes < 1 || lanes > 16 || passes < 1 || passes > 16) {
      throw new IllegalArgumentException("is a password hash with t or p outside 1 to 16");
    }
    if (memoryKib < 8 * lanes || memoryKib > 256 * 1024) {
      throw new IllegalArgumentException("is a password hash with m outside 8*p to 262144");
    }
    return new PasswordHash(
        memoryKib, passes, lanes, decodeBase64(m.group(4)), decodeBase64(m.group(5)));
  }

  /// Checks that the memory plan has room for checks of this hash.
  ///
  /// @throws IllegalArgumentException with a message whose subject is left out, if a check needs
  ///   more than [MemoryPlan#passwordCheckBytes()]
  public void requireFits(MemoryPlan plan) {
    long allowedKib = plan.passwordCheckBytes() / 1024;
    if (memoryKib <= allowedKib) return;
    throw new IllegalArgumentException(
        ("is a password hash whose check takes %d MiB, but a heap of %d MiB allows %d MiB: give"
                + " serve a larger heap (-Xmx), or use a hash that packhorse hash prints")
            .formatted((memoryKib + 1023) / 1024, plan.heap() >> 20, allowedKib / 1024));
  }

  private static byte[] decodeBase64(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("is not a password hash: it is truncated", malformed);
    }
  }

  /// Whether the password matches this hash. The hashes are compared in constant time.
  public boolean verify(CharSequence password) {
    return verify(password, new Argon2Memory());
  }

  /// The same, with memory that is used again.
  boolean verify(CharSequence password, Argon2Memory memory) {
    return MessageDigest.isEqual(hash, compute(password, memory));
  }

  /// Whether the password matches this PHC string; false if [#parse] does not accept the string.
  public static boolean verify(String encoded, CharSequence password) {
    return tryParse(encoded).map(hash -> hash.verify(password)).orElse(false);
  }

  /// Parses a PHC string; empty if [#parse] does not accept it.
  static Optional<PasswordHash> tryParse(String encoded) {
    try {
      return Optional.of(parse(encoded));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /// A hash, in PHC string format, that no known password matches. A check against it takes as long
  /// as one against a hash made by [#of]; hashes with other parameters take a different time.
  public static String dummy() {
    return new PasswordHash(MEMORY_KIB, PASSES, LANES, new byte[SALT_BYTES], new byte[HASH_BYTES])
        .encoded();
  }

  /// The heap that one check needs, in KiB.
  public int memoryKib() {
    return memoryKib;
  }

  /// The PHC string format of this hash.
  public String encoded() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, lanes, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  private byte[] compute(CharSequence password, Argon2Memory memory) {
    Argon2Parameters parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .withBlockPool(memory.pool())
            .build();
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(parameters);
    byte[] result = new byte[hash.length];
    argon2.generateBytes(password.toString().getBytes(StandardCharsets.UTF_8), result);
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PasswordHash that && encoded().equals(that.encoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  @Override
  public String toString() {
    return "PasswordHash";
  }
}
