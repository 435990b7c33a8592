package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import packhorse.wire.refs.V0AdvertisementSummary;

/// Caches the summary of the v0 advertisement that a node recently sent for a repository. The proxy
/// needs it for each fetch of a v2 client that it translates to v0, and would otherwise request the
/// advertisement again. An entry is used only for requests of the asker that caused it, for at most
/// ten minutes, and only until the repository changes. The estimated memory of all entries is
/// limited. Called on any thread.
public final class V0AdvertisementCache {
  // The largest estimated memory of all entries, in bytes.
  private static final int MAX_WEIGHT = 8 << 20;

  // The estimated size in bytes of an entry with its key, and of each object id.
  private static final int ENTRY_OVERHEAD = 512;
  private static final int BYTES_PER_ID = 112;

  private final Cache<RepositoryAsker, V0AdvertisementSummary> summaries =
      Caffeine.newBuilder()
          .maximumWeight(MAX_WEIGHT)
          .weigher((RepositoryAsker key, V0AdvertisementSummary summary) -> weight(summary))
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();

  private static int weight(V0AdvertisementSummary summary) {
    return ENTRY_OVERHEAD
        + 2 * summary.capabilities().text().length()
        + BYTES_PER_ID * summary.shallow().size();
  }

  /// Stores the summary of an advertisement that a node has just sent for a request of this asker.
  public void put(RepositoryAsker asker, V0AdvertisementSummary summary) {
    summaries.put(asker, summary);
  }

  /// Returns the cached summary for this asker; empty if there is none.
  public Optional<V0AdvertisementSummary> get(RepositoryAsker asker) {
    return Optional.ofNullable(summaries.getIfPresent(asker));
  }

  /// Removes the entries of a repository that has changed, or may have, for all askers.
  ///
  /// @param changed who changed it
  public void invalidate(RepositoryAsker changed) {
    summaries.asMap().keySet().removeIf(changed::hasSameRepository);
  }

  /// Returns the estimated memory of all entries, in bytes.
  long weight() {
    summaries.cleanUp();
    return summaries.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }
}
