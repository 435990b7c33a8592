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
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Checks passwords. What a check said is remembered for five seconds, because a clone is three
/// requests; only a few of the memory-hard checks run at once, because a burst of wrong passwords
/// must not eat the machine. Secrets are never kept, only their HMAC under a key of this process.
/// Called on request threads, which it may hold until it is their turn; where too many wait
/// already, it says no at once.
final class Verdicts {
  private static final int AT_ONCE = 2;

  /// A check takes a tenth of a second: whoever came later would wait for seconds.
  static final int MOST_WAITING = 64;

  private final Cache<String, Boolean> known =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(Duration.ofSeconds(5)).build();
  private final Semaphore running = new Semaphore(AT_ONCE, true);
  private final Semaphore places = new Semaphore(AT_ONCE + MOST_WAITING);
  private final SecretKeySpec key;

  Verdicts() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /// Whether the secret is the one of that hash.
  ///
  /// @param name whose it is said to be
  /// @throws Refused with {@link Refusal.Kind#BUSY} where too many wait for a check
  boolean right(String name, String secret, PasswordHash stored) throws Refused {
    String asked = mac(name, secret, stored);
    Boolean verdict = known.getIfPresent(asked);
    if (verdict != null) return verdict;
    if (!places.tryAcquire()) throw new Refused(Refusal.busy());
    try {
      // who waited for another request's check of the same learns what it said
      return known.get(asked, _ -> limited(() -> stored.verify(secret)));
    } finally {
      places.release();
    }
  }

  /// Runs a check when it is its turn, on a thread of the system: virtual ones share a few, and
  /// nothing takes one away from a check that computes.
  boolean limited(BooleanSupplier check) {
    running.acquireUninterruptibly();
    try {
      return new Check(check).verdict();
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
