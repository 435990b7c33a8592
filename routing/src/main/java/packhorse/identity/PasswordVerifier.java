package packhorse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import packhorse.memory.MemoryPlan;
import packhorse.request.ClientNetwork;
import packhorse.request.KeyedHash;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Checks passwords against their hashes. A result is cached for five seconds, because a clone
/// consists of three requests, and requests with the same credential share one check. Few of the
/// memory-hard checks run at a time, so that a burst of wrong passwords cannot use up the machine.
/// Passwords are not kept: a credential is known by its [KeyedHash].
///
/// Called on request threads, which wait for their turn in the [PasswordCheckQueue]. A request that
/// shares a check takes no place there. The [FailedLoginLimit] holds up new checks only: whoever
/// can share one, or whose result is cached, gets the result.
final class PasswordVerifier {
  private final Cache<String, Boolean> results =
      Caffeine.newBuilder()
          .maximumSize(MemoryPlan.ofThisJvm().scaled(100_000))
          .expireAfterWrite(Duration.ofSeconds(5))
          .build();
  private final ConcurrentMap<String, SharedCheck> underWay = new ConcurrentHashMap<>();
  private final PasswordCheckQueue queue = new PasswordCheckQueue();
  private final FailedLoginLimit limit;
  private final BiPredicate<PasswordHash, String> check;
  private final KeyedHash hash = new KeyedHash();

  PasswordVerifier(FailedLoginLimit limit) {
    this(limit, checkWith(new Argon2Memory()));
  }

  /// @param check whether a password matches a hash; called on threads of its own
  PasswordVerifier(FailedLoginLimit limit, BiPredicate<PasswordHash, String> check) {
    this.limit = limit;
    this.check = check;
  }

  private static BiPredicate<PasswordHash, String> checkWith(Argon2Memory memory) {
    return (stored, password) -> stored.verify(password, memory);
  }

  /// Whether the password matches the hash.
  ///
  /// @param client the client's address
  /// @param name the user name that the client sent with the password
  /// @throws RefusalException with [Refusal.Kind#BUSY] when too many checks are waiting; with
  ///   [Refusal.Kind#TOO_MANY_FAILURES] when too many logins from there have failed
  boolean verify(InetAddress client, String name, String password, PasswordHash stored)
      throws RefusalException {
    String credential = hash(name, password, stored);
    while (true) {
      Boolean known = results.getIfPresent(credential);
      if (known != null) return known;
      SharedCheck own = new SharedCheck();
      SharedCheck other = underWay.putIfAbsent(credential, own);
      if (other == null) {
        return run(own, credential, client, () -> check.test(stored, password));
      }
      // Without a result, the other request was refused, which says nothing about this one.
      Optional<Boolean> shared = other.await();
      if (shared.isPresent()) return shared.get();
    }
  }

  private boolean run(SharedCheck own, String credential, InetAddress client, BooleanSupplier task)
      throws RefusalException {
    Optional<Boolean> result = Optional.empty();
    try {
      // The check of another request may have ended after this thread looked for its result.
      result = Optional.ofNullable(results.getIfPresent(credential));
      if (result.isEmpty()) {
        result = Optional.of(runCheck(client, task));
        results.put(credential, result.get());
      }
      return result.get();
    } finally {
      underWay.remove(credential);
      own.end(result);
    }
  }

  private boolean runCheck(InetAddress client, BooleanSupplier task) throws RefusalException {
    if (limit.isReachedBy(client)) throw new RefusalException(Refusal.tooManyFailedLogins());
    boolean matches = queue.run(ClientNetwork.of(client), task);
    if (!matches) limit.recordFailure(client);
    return matches;
  }

  // The password hash is included, so that a changed password takes effect at once.
  private String hash(String name, String password, PasswordHash stored) {
    return hash.of(List.of(name, stored.encoded(), password));
  }
}
