package packhorse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Remembers for five seconds what a check of a secret said, and lets only a few memory-hard checks
/// run at once: a clone is three requests, and a burst of wrong passwords must not eat the machine.
/// Secrets are never kept, only their HMAC under a key of this process. Called on request threads.
final class Verdicts {
  private static final int AT_ONCE = 2;

  private final Cache<String, Optional<Principal>> known =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(Duration.ofSeconds(5)).build();
  private final Semaphore running = new Semaphore(AT_ONCE, true);
  private final SecretKeySpec key;

  Verdicts() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /// The remembered verdict on a name and a secret, else that of the check.
  Optional<Principal> of(String name, String secret, Supplier<Optional<Principal>> check) {
    return known.get(mac(name, secret), _ -> limited(check));
  }

  private Optional<Principal> limited(Supplier<Optional<Principal>> check) {
    running.acquireUninterruptibly();
    try {
      return check.get();
    } finally {
      running.release();
    }
  }

  private String mac(String name, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(name.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}
