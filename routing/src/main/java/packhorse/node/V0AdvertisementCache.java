package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import packhorse.memory.MemoryPlan;
import packhorse.wire.refs.V0AdvertisementSummary;

/// Caches the summary of the v0 advertisement that a node recently sent for a repository. The proxy
/// needs it for each fetch of a v2 client that it translates to v0, and would otherwise request the
/// advertisement again. An entry is used only for requests of the asker that caused it, for at most
/// ten minutes, and only if the repository has not changed since the advertisement was requested.
/// The estimated memory of all entries is limited. Called on any thread.
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

  /// A summary, and the value of [#currentVersion] when its advertisement was requested.
  private record VersionedSummary(V0AdvertisementSummary summary, long version) {}

  private final Cache<RepositoryAsker, VersionedSummary> summaries =
      Caffeine.newBuilder()
          .maximumWeight(MemoryPlan.ofThisJvm().scaled(MAX_WEIGHT))
          .weigher((RepositoryAsker key, VersionedSummary entry) -> weight(entry.summary()))
          .expireAfterWrite(LIFETIME)
          .build();

  // The version with which each repository last changed.
  private final Cache<RepositoryAsker.RepositoryKey, Long> changes =
      Caffeine.newBuilder().maximumSize(MAX_CHANGES).expireAfterWrite(CHANGE_LIFETIME).build();

  private final AtomicLong version = new AtomicLong();

  private static int weight(V0AdvertisementSummary summary) {
    return ENTRY_OVERHEAD
        + 2 * summary.capabilities().text().length()
        + BYTES_PER_ID * summary.shallow().size();
  }

  /// Returns the number of changes of all repositories so far. Each call of [#invalidate]
  /// increments it.
  public long currentVersion() {
    return version.get();
  }

  /// Stores the summary of an advertisement that a node sent for a request of this asker.
  ///
  /// @param requestVersion the value of [#currentVersion] before the request was sent to the node;
  ///   the summary has no effect if its repository changed since then
  public void put(RepositoryAsker asker, V0AdvertisementSummary summary, long requestVersion) {
    summaries.put(asker, new VersionedSummary(summary, requestVersion));
  }

  /// Returns the cached summary for this asker; empty if there is none that is current.
  public Optional<V0AdvertisementSummary> get(RepositoryAsker asker) {
    return Optional.ofNullable(summaries.getIfPresent(asker))
        .filter(entry -> isCurrent(asker, entry.version()))
        .map(VersionedSummary::summary);
  }

  /// Whether the repository has not changed, as far as is known, since this was the value of
  /// [#currentVersion].
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
