package packhorse.exchange.refs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import packhorse.memory.MemoryPlan;
import packhorse.node.RepositoryAsker;
import packhorse.wire.push.RefUpdate;
import packhorse.wire.refs.RefTips;

/// Remembers for each asker what refs pointed to lately, so that a primary is noticed that lists an
/// earlier state again: one that was restored from a backup. It knows only what was listed or
/// pushed through the proxy, and of each list only some refs; so it may miss such a primary. A ref
/// that somebody sets back on the primary itself looks the same. The list is served in either case,
/// and the operator is told; when that has lasted for [#ACCEPTED_AFTER], it is taken for the new
/// state. The memory is limited. Called on any thread.
public final class RefHistories {
  /// The number of refs of a list that are remembered.
  static final int MAX_REFS = 1000;

  /// How long a ref must have been back before the primary's lists are no longer older for it.
  static final Duration ACCEPTED_AFTER = Duration.ofMinutes(5);

  // The number of earlier objects that are remembered of a ref.
  private static final int MAX_EARLIER = 8;

  private static final long MAX_WEIGHT = 4L << 20;
  // The estimated size in bytes of an entry, of a ref in it, and of each object of that ref.
  private static final int ENTRY_OVERHEAD = 512;
  private static final int REF_OVERHEAD = 128;
  private static final int TIP_BYTES = 24;

  private final LongSupplier nanoTime;
  private final AtomicLong changes = new AtomicLong();
  private final Cache<RepositoryAsker, History> histories =
      Caffeine.newBuilder()
          .maximumWeight(MemoryPlan.ofThisJvm().scaled(MAX_WEIGHT))
          .weigher((RepositoryAsker asker, History history) -> history.weight())
          .expireAfterAccess(Duration.ofDays(1))
          .build();

  public RefHistories(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// What a ref points to, and to which other objects it pointed before, as hashes.
  private record Positions(long current, List<Long> earlier) {
    static Positions at(long tip) {
      return new Positions(tip, List.of());
    }

    Positions movedTo(long tip) {
      if (current == tip) return this;
      List<Long> before = new ArrayList<>();
      if (current != RefTips.NONE) before.add(current);
      earlier.stream()
          .filter(other -> other != tip)
          .limit(MAX_EARLIER - before.size())
          .forEach(before::add);
      return new Positions(tip, List.copyOf(before));
    }
  }

  /// The refs of a repository, by the hashes of their names.
  ///
  /// @param backSince the refs that lists show where they pointed before, each with the time of the
  ///   first such list
  /// @param lastChange the number of the change that was the last one here
  private record History(Map<Long, Positions> refs, Map<Long, Long> backSince, long lastChange) {
    static final History EMPTY = new History(Map.of(), Map.of(), 0);

    int weight() {
      int tips = refs.values().stream().mapToInt(positions -> 1 + positions.earlier().size()).sum();
      int entries = refs.size() + backSince.size();
      return ENTRY_OVERHEAD + entries * REF_OVERHEAD + tips * TIP_BYTES;
    }

    /// The refs that a list shows where they pointed before, and no longer did.
    List<Long> backIn(RefTips list) {
      return refs.entrySet().stream()
          .filter(ref -> ref.getValue().earlier().contains(list.tipOf(ref.getKey())))
          .map(Map.Entry::getKey)
          .toList();
    }

    History withBack(List<Long> back, long now) {
      Map<Long, Long> since = new HashMap<>(backSince);
      for (Long ref : back) since.putIfAbsent(ref, now);
      return new History(refs, Map.copyOf(since), lastChange);
    }

    boolean accepts(List<Long> back, long now) {
      return back.stream()
          .allMatch(ref -> now - backSince.getOrDefault(ref, now) >= ACCEPTED_AFTER.toNanos());
    }
  }

  /// The number of changes so far: the time, for [#recordUnlessOlder].
  long now() {
    return changes.get();
  }

  /// Records a list of the primary, unless it shows a ref where it pointed before, and no longer
  /// did.
  ///
  /// @param askedAt [#now] when the list was asked for: what has changed since then may be missing
  /// @return false if the list is older
  boolean recordUnlessOlder(RepositoryAsker asker, RefTips list, long askedAt) {
    History history =
        histories
            .asMap()
            .compute(
                asker,
                (key, known) -> updated(known == null ? History.EMPTY : known, list, askedAt));
    return history.lastChange() > askedAt || history.backIn(list).isEmpty();
  }

  private History updated(History history, RefTips list, long askedAt) {
    if (history.lastChange() > askedAt) return history;
    List<Long> back = history.backIn(list);
    if (back.isEmpty()) return moved(history, tipsIn(list, history));
    long now = nanoTime.getAsLong();
    History marked = history.withBack(back, now);
    return marked.accepts(back, now) ? moved(marked, tipsIn(list, marked)) : marked;
  }

  private static Map<Long, Long> tipsIn(RefTips list, History history) {
    Map<Long, Long> tips = new HashMap<>();
    for (int i = 0; i < Math.min(list.size(), MAX_REFS); i++) {
      tips.put(list.refAt(i), list.tipAt(i));
    }
    for (Long ref : history.backSince().keySet()) {
      if (list.tipOf(ref) != RefTips.NONE) tips.put(ref, list.tipOf(ref));
    }
    return tips;
  }

  /// Records a push that the node has reported as done.
  ///
  /// @param asker who pushed; what others were shown is older now, too
  public void recordPush(RepositoryAsker asker, List<RefUpdate> updates) {
    Map<Long, Long> before = new HashMap<>();
    Map<Long, Long> after = new HashMap<>();
    for (RefUpdate update : updates.subList(0, Math.min(updates.size(), MAX_REFS))) {
      before.put(RefTips.refHash(update.ref()), RefTips.tipHash(update.oldId()));
      after.put(RefTips.refHash(update.ref()), RefTips.tipHash(update.newId()));
    }
    histories.asMap().putIfAbsent(asker, History.EMPTY);
    for (RepositoryAsker other : histories.asMap().keySet()) {
      if (!other.repositoryKey().equals(asker.repositoryKey())) continue;
      histories
          .asMap()
          .computeIfPresent(other, (key, history) -> moved(moved(history, before), after));
    }
  }

  private History moved(History history, Map<Long, Long> tips) {
    Map<Long, Positions> refs = new HashMap<>(history.refs());
    tips.forEach((ref, tip) -> {
      Positions known = refs.get(ref);
      if (known != null) refs.put(ref, known.movedTo(tip));
      else if (refs.size() < MAX_REFS) refs.put(ref, Positions.at(tip));
    });
    Map<Long, Long> backSince = new HashMap<>(history.backSince());
    backSince.keySet().removeAll(tips.keySet());
    boolean changed = !refs.equals(history.refs());
    long lastChange = changed ? changes.incrementAndGet() : history.lastChange();
    return new History(Map.copyOf(refs), Map.copyOf(backSince), lastChange);
  }
}
