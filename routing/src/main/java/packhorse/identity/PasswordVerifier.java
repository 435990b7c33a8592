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
import org.jspecify.annotations.Nullable;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Checks passwords against their hashes. A result is cached for five seconds, because a clone
/// consists of three requests. At most two of the memory-hard checks run at a time, so that a burst
/// of wrong passwords cannot use up the machine. Passwords are not kept: the key of a cached result
/// is an HMAC under a random key of this process.
///
/// Called on request threads, which wait for their turn; when 64 requests wait already, further
/// ones are refused at once.
final class PasswordVerifier {
  private static final int MAX_RUNNING = 2;

  /// A check takes about a tenth of a second, so a longer queue would mean a wait of many seconds.
  static final int MAX_WAITING = 64;

  private final Cache<String, Boolean> results =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(Duration.ofSeconds(5)).build();
  private final Semaphore running = new Semaphore(MAX_RUNNING, true);
  private final Semaphore admitted = new Semaphore(MAX_RUNNING + MAX_WAITING);
  private final SecretKeySpec key;

  PasswordVerifier() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /// Whether the password matches the hash.
  ///
  /// @param name the user name that the client sent with the password
  /// @throws RefusalException with [Refusal.Kind#BUSY] when too many checks are waiting
  boolean verify(String name, String password, PasswordHash stored) throws RefusalException {
    String cacheKey = mac(name, password, stored);
    Boolean result = results.getIfPresent(cacheKey);
    if (result != null) return result;
    if (!admitted.tryAcquire()) throw new RefusalException(Refusal.tooManyPasswordChecks());
    try {
      // Requests that wait for the same check share its result.
      return results.get(cacheKey, _ -> runLimited(() -> stored.verify(password)));
    } finally {
      admitted.release();
    }
  }

  /// Runs a check as soon as fewer than two others run. It gets a platform thread of its own,
  /// because virtual threads share a few carrier threads and a computation would occupy one of them
  /// until it ends.
  boolean runLimited(BooleanSupplier check) {
    running.acquireUninterruptibly();
    try {
      return new PasswordCheck(check).await();
    } finally {
      running.release();
    }
  }

  // The hash is part of the key, so that a changed password takes effect at once.
  private String mac(String name, String password, PasswordHash stored) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String part : List.of(name, stored.encoded(), password)) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }

  /// One check, on a new platform thread that ends with it.
  private static final class PasswordCheck {
    private final Thread thread;
    private boolean matches;
    private @Nullable RuntimeException failure;

    PasswordCheck(BooleanSupplier check) {
      thread = Thread.ofPlatform().daemon().name("password").start(() -> run(check));
    }

    private void run(BooleanSupplier check) {
      try {
        matches = check.getAsBoolean();
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    /// Waits for the result, even when the waiting thread is interrupted.
    ///
    /// @throws RuntimeException the exception of the check
    boolean await() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) Thread.currentThread().interrupt();
      if (failure != null) throw failure;
      return matches;
    }
  }
}
