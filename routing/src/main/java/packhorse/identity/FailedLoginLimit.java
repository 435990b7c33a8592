package packhorse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import packhorse.memory.MemoryPlan;
import packhorse.request.ClientNetwork;

/// Limits how many logins from one network may fail in a period, which begins with a failed login.
/// Once the limit is reached, [PasswordVerifier] checks no further password from there until the
/// period ends. Called on any thread.
public final class FailedLoginLimit {
  /// A bound on memory; each network takes about 200 bytes.
  private static final int MAX_NETWORKS = 100_000;

  private final int maxFailures;
  private final Predicate<InetAddress> exempt;

  /// The failures in the current period of each network. The counts are changed in place, which
  /// does not postpone the end of the period.
  private final Cache<ClientNetwork, AtomicInteger> failures;

  /// @param maxFailures how many logins from one network may fail in a period
  /// @param exempt the addresses from which any number may fail
  public FailedLoginLimit(int maxFailures, Duration period, Predicate<InetAddress> exempt) {
    this(maxFailures, period, exempt, Ticker.systemTicker());
  }

  FailedLoginLimit(
      int maxFailures, Duration period, Predicate<InetAddress> exempt, Ticker nanoTime) {
    this.maxFailures = maxFailures;
    this.exempt = exempt;
    this.failures =
        Caffeine.newBuilder()
            .maximumSize(MemoryPlan.ofThisJvm().scaled(MAX_NETWORKS))
            .expireAfterWrite(period)
            .ticker(nanoTime)
            .build();
  }

  /// Returns a limit that no client reaches.
  public static FailedLoginLimit none() {
    return new FailedLoginLimit(Integer.MAX_VALUE, Duration.ofMinutes(1), address -> true);
  }

  void recordFailure(InetAddress client) {
    if (exempt.test(client)) return;
    failures.get(ClientNetwork.of(client), network -> new AtomicInteger()).incrementAndGet();
  }

  boolean isReachedBy(InetAddress client) {
    if (exempt.test(client)) return false;
    AtomicInteger count = failures.getIfPresent(ClientNetwork.of(client));
    return count != null && count.get() >= maxFailures;
  }
}
