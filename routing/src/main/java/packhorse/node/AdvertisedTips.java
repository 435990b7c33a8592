package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import packhorse.memory.MemoryPlan;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdSet;

/// Caches the ref tips that askers were recently shown or have recently pushed, and the objects
/// that a node recently lacked. Used for replicated pools, where one node may lag behind another.
/// The cache only influences which node is tried first, never whether a response is correct. Its
/// size is limited: by the estimated memory of the tips and by the number of missing objects.
/// Called on any thread.
public final class AdvertisedTips {
  // The largest estimated memory of the tips that were shown, and of those that were pushed, in
  // bytes. The longest list of tips fits into each.
  private static final long MAX_SHOWN_WEIGHT = 10L << 20;
  private static final long MAX_PUSHED_WEIGHT = 6L << 20;
  // The estimated size in bytes of a key and of the cache's own data for an entry.
  private static final int ENTRY_OVERHEAD = 512;
  private static final int MAX_MISSING_ENTRIES = 100_000;

  /// The largest number of object ids that are recorded for one repository. `TipCollector` enforces
  /// it: it returns no tips of a longer advertisement, so nothing is recorded.
  public static final int MAX_IDS = 200_000;

  /// Tips and the value of [#currentVersion] from which on they are valid.
  private record VersionedTips(ObjectIdSet ids, long version) {}

  private record MissingKey(RepositoryAsker asker, String node, ObjectId id) {}

  private final Cache<RepositoryAsker, VersionedTips> shown = tipsCache(MAX_SHOWN_WEIGHT);
  private final Cache<RepositoryAsker.RepositoryKey, VersionedTips> pushed =
      tipsCache(MAX_PUSHED_WEIGHT);

  private final AtomicLong version = new AtomicLong();

  // Replicas catch up within seconds, so these entries expire soon.
  private final Cache<MissingKey, Boolean> missing =
      Caffeine.newBuilder()
          .maximumSize(MemoryPlan.ofThisJvm().scaled(MAX_MISSING_ENTRIES))
          .expireAfterWrite(Duration.ofSeconds(2))
          .build();

  /// Returns the number of changes of all repositories so far. Each call of [#invalidate]
  /// increments it.
  public long currentVersion() {
    return version.get();
  }

  /// Records the tips that an asker was just shown.
  ///
  /// @param requestVersion the value of [#currentVersion] when the request was sent to the node;
  ///   the tips have no effect if their repository changed since then
  public void record(RepositoryAsker asker, ObjectIdSet ids, long requestVersion) {
    shown.put(asker, new VersionedTips(ids, requestVersion));
  }

  /// Replaces the tips of a repository that has changed, or may have, for all askers.
  ///
  /// @param changed who changed it
  /// @param newTips the objects that every later advertisement must contain
  public void invalidate(RepositoryAsker changed, Collection<ObjectId> newTips) {
    pushed.put(
        changed.repositoryKey(),
        new VersionedTips(ObjectIdSet.of(newTips), version.incrementAndGet()));
  }

  /// Whether an advertisement lacks a tip that this asker was shown, or that was pushed since then.
  public boolean isStale(RepositoryAsker asker, ObjectIdSet advertised) {
    VersionedTips lastShown = shown.getIfPresent(asker);
    VersionedTips lastPushed = pushed.getIfPresent(asker.repositoryKey());
    boolean changedSince =
        lastPushed != null && (lastShown == null || lastShown.version() < lastPushed.version());
    VersionedTips current = changedSince ? lastPushed : lastShown;
    return current != null && !advertised.containsAll(current.ids());
  }

  /// Records that a node lacks at least one of these objects. All are recorded as missing, because
  /// the node does not say which of them it has.
  public void recordMissing(RepositoryAsker asker, Node node, Collection<ObjectId> wants) {
    for (ObjectId id : wants) missing.put(new MissingKey(asker, node.name(), id), Boolean.TRUE);
  }

  /// Whether one of these objects was recently recorded as missing on a node.
  boolean isMissing(RepositoryAsker asker, Node node, Collection<ObjectId> wants) {
    return wants.stream()
        .anyMatch(id -> missing.getIfPresent(new MissingKey(asker, node.name(), id)) != null);
  }

  /// Returns the estimated memory of the recorded tips, in bytes.
  long weight() {
    return weight(shown) + weight(pushed);
  }

  private static long weight(Cache<?, VersionedTips> cache) {
    cache.cleanUp();
    return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static <K> Cache<K, VersionedTips> tipsCache(long maxWeight) {
    return Caffeine.newBuilder()
        .maximumWeight(MemoryPlan.ofThisJvm().scaled(maxWeight))
        .weigher((K key, VersionedTips value) -> ENTRY_OVERHEAD + value.ids().weight())
        .expireAfterWrite(Duration.ofMinutes(10))
        .build();
  }
}
