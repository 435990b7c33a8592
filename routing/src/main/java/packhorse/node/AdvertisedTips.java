package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdSet;

/// Caches, for each repository, the ref tips that clients were recently shown and the objects that
/// a node recently lacked. Used for replicated pools, where one node may lag behind another. The
/// cache only influences which node is tried first, never whether a response is correct. Its size
/// is limited: by the estimated memory of the tips and by the number of missing objects. Called on
/// any thread.
public final class AdvertisedTips {
  // The largest estimated memory of all tips, in bytes.
  private static final long MAX_WEIGHT = 16L << 20;
  // The estimated size in bytes of a key and of the cache's own data for an entry.
  private static final int ENTRY_OVERHEAD = 256;
  private static final int MAX_MISSING_ENTRIES = 100_000;

  /// The largest number of object ids that are recorded for one repository. `TipCollector` enforces
  /// it: it returns no tips of a longer advertisement, so nothing is recorded.
  public static final int MAX_IDS = 200_000;

  private record RepositoryKey(String pool, String repository) {}

  /// The tips of one repository.
  ///
  /// @param version the value of [#currentVersion] after the last change of the repository that the
  ///   proxy saw; if it saw none, the value when the tips were requested
  private record VersionedTips(ObjectIdSet ids, long version) {}

  private record MissingKey(RepositoryKey repository, String node, ObjectId id) {}

  private final Cache<RepositoryKey, VersionedTips> tips =
      Caffeine.newBuilder()
          .maximumWeight(MAX_WEIGHT)
          .weigher(
              (RepositoryKey key, VersionedTips value) -> ENTRY_OVERHEAD + value.ids().weight())
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();

  private final AtomicLong version = new AtomicLong();

  // Replicas catch up within seconds, so these entries expire soon.
  private final Cache<MissingKey, Boolean> missing =
      Caffeine.newBuilder()
          .maximumSize(MAX_MISSING_ENTRIES)
          .expireAfterWrite(Duration.ofSeconds(2))
          .build();

  /// Returns the number of changes of all repositories so far. Each call of [#invalidate]
  /// increments it.
  public long currentVersion() {
    return version.get();
  }

  /// Records the tips that a client was just shown.
  ///
  /// @param requestVersion the value of [#currentVersion] when the request was sent to the node;
  ///   the tips are not recorded if their repository changed since then
  public void record(Permit permit, ObjectIdSet ids, long requestVersion) {
    tips.asMap()
        .merge(
            key(permit),
            new VersionedTips(ids, requestVersion),
            (known, update) ->
                known.version() > requestVersion ? known : new VersionedTips(ids, known.version()));
  }

  /// Replaces the tips of a repository that has changed, or may have.
  ///
  /// @param newTips the objects that every later advertisement must contain
  public void invalidate(Permit permit, Collection<ObjectId> newTips) {
    tips.put(key(permit), new VersionedTips(ObjectIdSet.of(newTips), version.incrementAndGet()));
  }

  /// Whether an advertisement lacks a tip that is recorded for its repository.
  public boolean isStale(Permit permit, ObjectIdSet advertised) {
    VersionedTips known = tips.getIfPresent(key(permit));
    return known != null && !advertised.containsAll(known.ids());
  }

  /// Records that a node lacks at least one of these objects. All are recorded as missing, because
  /// the node does not say which of them it has.
  public void recordMissing(Permit permit, Node node, Collection<ObjectId> wants) {
    for (ObjectId id : wants) {
      missing.put(new MissingKey(key(permit), node.name(), id), Boolean.TRUE);
    }
  }

  /// Whether one of these objects was recently recorded as missing on a node.
  boolean isMissing(Permit permit, Node node, Collection<ObjectId> wants) {
    return wants.stream()
        .anyMatch(id -> missing.getIfPresent(new MissingKey(key(permit), node.name(), id)) != null);
  }

  /// Returns the estimated memory of the recorded tips, in bytes.
  long weight() {
    tips.cleanUp();
    return tips.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static RepositoryKey key(Permit permit) {
    return new RepositoryKey(
        permit.placement().pool().name(), permit.request().repository().name());
  }
}
