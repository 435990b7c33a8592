package packhorse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks passwords. What a check said is remembered for five seconds, because a clone is three
/// requests; only a few of the memory-hard checks run at once, because a burst of wrong passwords
/// must not eat the machine. Secrets are never kept, only their HMAC under a key of this process.
/// Called on request threads, which it may hold until it is their turn.
final class Verdicts {
  private static final int AT_ONCE = 2;

  private final Cache<String, Boolean> known =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(Duration.ofSeconds(5)).build();
  private final Semaphore running = new Semaphore(AT_ONCE, true);
  private final SecretKeySpec key;

  Verdicts() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /// Whether the secret is the one of that hash.
  ///
  /// @param name whose it is said to be
  boolean right(String name, String secret, PasswordHash stored) {
    return known.get(mac(name, secret, stored), _ -> limited(secret, stored));
  }

  private boolean limited(String secret, PasswordHash stored) {
    running.acquireUninterruptibly();
    try {
      return stored.verify(secret);
    } finally {
      running.release();
    }
  }

  // with the hash in it, a changed password is changed at once
  private String mac(String name, String secret, PasswordHash stored) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String part : List.of(name, stored.encoded(), secret)) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}
