package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import packhorse.memory.MemoryPlan;
import packhorse.wire.refs.V0AdvertisementSummary;

/// Caches the summary of the v0 advertisement that a node recently sent for a repository. The proxy
/// needs it for each fetch of a v2 client that it translates to v0, and would otherwise request the
/// advertisement again. An entry is used only for requests of the asker that caused it, for at most
/// ten minutes since the advertisement was requested, and only if the repository has not changed
/// since then. The estimated memory of all entries is limited. Called on any thread.
public final class V0AdvertisementCache {
  // The largest estimated memory of all entries, in bytes.
  private static final int MAX_WEIGHT = 8 << 20;

  // The estimated size in bytes of an entry with its key, and of each object id.
  private static final int ENTRY_OVERHEAD = 512;
  private static final int BYTES_PER_ID = 112;

  private static final Duration LIFETIME = Duration.ofMinutes(10);

  // Longer than an advertisement can take, and then be kept.
  private static final Duration CHANGE_LIFETIME = Duration.ofHours(1);
  private static final int MAX_CHANGES = 50_000;

  /// When an advertisement was requested.
  ///
  /// @param version the number of changes of all repositories before
  /// @param nanoTime the time
  public record Moment(long version, long nanoTime) {}

  /// A summary, and when its advertisement was requested.
  private record DatedSummary(V0AdvertisementSummary summary, Moment requested) {}

  private final Cache<RepositoryAsker, DatedSummary> summaries =
      Caffeine.newBuilder()
          .maximumWeight(MemoryPlan.ofThisJvm().scaled(MAX_WEIGHT))
          .weigher((RepositoryAsker key, DatedSummary entry) -> weight(entry.summary()))
          .expireAfterWrite(LIFETIME)
          .build();

  // The version with which each repository last changed.
  private final Cache<RepositoryAsker.RepositoryKey, Long> changes =
      Caffeine.newBuilder().maximumSize(MAX_CHANGES).expireAfterWrite(CHANGE_LIFETIME).build();

  private final AtomicLong version = new AtomicLong();
  private final LongSupplier nanoTime;

  public V0AdvertisementCache() {
    this(System::nanoTime);
  }

  V0AdvertisementCache(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private static int weight(V0AdvertisementSummary summary) {
    return ENTRY_OVERHEAD
        + 2 * summary.capabilities().text().length()
        + BYTES_PER_ID * summary.shallow().size();
  }

  /// Returns the present, for [#put].
  public Moment now() {
    return new Moment(version.get(), nanoTime.getAsLong());
  }

  /// Stores the summary of an advertisement that a node sent for a request of this asker.
  ///
  /// @param requested the value of [#now] before the request was sent to the node; the summary has
  ///   no effect if its repository changed since then, and its age counts from then
  public void put(RepositoryAsker asker, V0AdvertisementSummary summary, Moment requested) {
    summaries.put(asker, new DatedSummary(summary, requested));
  }

  /// Returns the cached summary for this asker; empty if there is none that is current.
  public Optional<V0AdvertisementSummary> get(RepositoryAsker asker) {
    return Optional.ofNullable(summaries.getIfPresent(asker))
        .filter(entry -> isCurrent(asker, entry.requested().version()))
        .filter(entry -> isYoung(entry.requested()))
        .map(DatedSummary::summary);
  }

  private boolean isYoung(Moment requested) {
    return nanoTime.getAsLong() - requested.nanoTime() < LIFETIME.toNanos();
  }

  /// Whether the repository has not changed, as far as is known, since a request.
  ///
  /// @param requestVersion the version of [#now] before the request was sent
  public boolean isCurrent(RepositoryAsker asker, long requestVersion) {
    Long changed = changes.getIfPresent(asker.repositoryKey());
    return changed == null || requestVersion >= changed;
  }

  /// Invalidates the entries of a repository that has changed, or may have, for all askers.
  ///
  /// @param changed who changed it
  public void invalidate(RepositoryAsker changed) {
    changes.asMap().merge(changed.repositoryKey(), version.incrementAndGet(), Math::max);
  }

  /// Returns the estimated memory of all entries, in bytes.
  long weight() {
    summaries.cleanUp();
    return summaries.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }
}
