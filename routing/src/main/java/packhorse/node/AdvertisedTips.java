package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import packhorse.memory.MemoryPlan;
import packhorse.node.RepositoryAsker.RepositoryKey;
import packhorse.node.tips.PushedTips;
import packhorse.node.tips.ShownList;
import packhorse.node.tips.ShownTips;
import packhorse.node.tips.Staleness;
import packhorse.wire.ObjectId;
import packhorse.wire.push.RefUpdate;
import packhorse.wire.refs.RefTips;

/// Caches what askers were recently shown of the refs of each repository, what was recently pushed
/// to them, and the objects that a node recently lacked. Used for replicated pools, where one node
/// may lag behind another. The cache only influences which node is tried first, never whether a
/// response is correct. Its size is limited: by the estimated memory of the tips and by the number
/// of missing objects. Called on any thread.
public final class AdvertisedTips {
  // The largest estimated memory of the tips that were shown, and of those that were pushed, in
  // bytes. The longest list of tips fits into each.
  private static final long MAX_SHOWN_WEIGHT = 10L << 20;
  private static final long MAX_PUSHED_WEIGHT = 6L << 20;
  // The estimated size in bytes of a key and of the cache's own data for an entry.
  private static final int ENTRY_OVERHEAD = 512;
  private static final int MAX_MISSING_ENTRIES = 100_000;

  /// The largest number of refs that are recorded for one repository. `TipCollector` enforces it:
  /// it returns no tips of a longer advertisement, so nothing is recorded.
  public static final int MAX_REFS = 200_000;

  private record MissingKey(RepositoryAsker asker, String node, ObjectId id) {}

  private final Cache<RepositoryAsker, ShownTips> shown =
      tipsCache(MAX_SHOWN_WEIGHT, ShownTips::byteSize);
  private final Cache<RepositoryKey, PushedTips> pushed =
      tipsCache(MAX_PUSHED_WEIGHT, PushedTips::byteSize);

  private final AtomicLong order = new AtomicLong();

  // Replicas catch up within seconds, so these entries expire soon.
  private final Cache<MissingKey, Boolean> missing =
      Caffeine.newBuilder()
          .maximumSize(MemoryPlan.ofThisJvm().scaled(MAX_MISSING_ENTRIES))
          .expireAfterWrite(Duration.ofSeconds(2))
          .build();

  /// Returns a number that is larger than all before. Lists are numbered when they are requested,
  /// pushes when they begin and when they are reported.
  public long nextOrder() {
    return order.incrementAndGet();
  }

  /// Records a list that an asker is shown.
  public void record(RepositoryAsker asker, ShownList list) {
    RepositoryKey repository = asker.repositoryKey();
    PushedTips pushes = pushedTo(asker);
    PushedTips confirmed = pushes.confirmedBy(list);
    if (confirmed != pushes) {
      pushed.asMap().computeIfPresent(repository, (key, known) -> known.confirmedBy(list));
    }
    shown
        .asMap()
        .compute(
            asker,
            (key, known) -> {
              ShownTips before = known == null ? ShownTips.NONE : known;
              return list.fromPrimary()
                  ? before.with(list)
                  : before.with(Staleness.unknownPart(list, before, confirmed));
            });
  }

  /// Records that a push begins, which may be applied from now on, whatever is heard of it.
  ///
  /// @param changed who pushes
  public void pushBegins(RepositoryAsker changed, Collection<RefUpdate> updates) {
    updatePushed(changed, known -> known.withBegun(updates, nextOrder()));
  }

  /// Records what a push has changed: every later list for any asker must show it.
  ///
  /// @param changed who pushed
  public void pushApplied(RepositoryAsker changed, Collection<RefUpdate> updates) {
    updatePushed(changed, known -> known.withApplied(updates, nextOrder()));
  }

  private void updatePushed(RepositoryAsker changed, UnaryOperator<PushedTips> update) {
    pushed
        .asMap()
        .compute(
            changed.repositoryKey(),
            (key, known) -> update.apply(known == null ? PushedTips.NONE : known));
  }

  /// Compares the list of all refs that a node advertises to an asker with what this asker was
  /// shown and what was pushed.
  public Staleness staleness(RepositoryAsker asker, RefTips advertised) {
    ShownTips lastShown = shown.getIfPresent(asker);
    return Staleness.of(
        advertised, lastShown == null ? ShownTips.NONE : lastShown, pushedTo(asker));
  }

  private PushedTips pushedTo(RepositoryAsker asker) {
    PushedTips known = pushed.getIfPresent(asker.repositoryKey());
    return known == null ? PushedTips.NONE : known;
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

  private static long weight(Cache<?, ?> cache) {
    cache.cleanUp();
    return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static <K, V> Cache<K, V> tipsCache(long maxWeight, ToIntFunction<V> byteSize) {
    return Caffeine.newBuilder()
        .maximumWeight(MemoryPlan.ofThisJvm().scaled(maxWeight))
        .weigher((K key, V value) -> ENTRY_OVERHEAD + byteSize.applyAsInt(value))
        .expireAfterWrite(Duration.ofMinutes(10))
        .build();
  }
}
