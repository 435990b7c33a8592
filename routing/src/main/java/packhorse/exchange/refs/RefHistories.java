package packhorse.exchange.refs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import packhorse.memory.MemoryPlan;
import packhorse.node.RepositoryAsker;
import packhorse.wire.push.RefUpdate;
import packhorse.wire.refs.RefTips;

/// Remembers for each asker what refs pointed to lately, so that a primary is noticed that lists an
/// earlier state again: one that was restored from a backup. It knows only what was listed or
/// pushed through the proxy, and of each list only some refs; so it may miss such a primary. A ref
/// that somebody sets back on the primary itself looks the same. It decides nothing: the list is
/// served, and the operator is told. The memory is limited. Called on any thread.
public final class RefHistories {
  /// The number of refs of a list that are remembered.
  static final int MAX_REFS = 1000;

  // The number of earlier objects that are remembered of a ref.
  private static final int MAX_EARLIER = 8;

  private static final long MAX_WEIGHT = 4L << 20;
  // The estimated size in bytes of an entry, of a ref in it, and of each object of that ref.
  private static final int ENTRY_OVERHEAD = 512;
  private static final int REF_OVERHEAD = 128;
  private static final int TIP_BYTES = 24;

  private final AtomicLong changes = new AtomicLong();
  private final Cache<RepositoryAsker, History> histories =
      Caffeine.newBuilder()
          .maximumWeight(MemoryPlan.ofThisJvm().scaled(MAX_WEIGHT))
          .weigher((RepositoryAsker asker, History history) -> history.weight())
          .expireAfterAccess(Duration.ofDays(1))
          .build();

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
  /// @param lastChange the number of the change that was the last one here
  private record History(Map<Long, Positions> refs, long lastChange) {
    static final History EMPTY = new History(Map.of(), 0);

    int weight() {
      int tips = refs.values().stream().mapToInt(positions -> 1 + positions.earlier().size()).sum();
      return ENTRY_OVERHEAD + refs.size() * REF_OVERHEAD + tips * TIP_BYTES;
    }

    boolean shows(RefTips list) {
      return refs.entrySet().stream()
          .anyMatch(ref -> ref.getValue().earlier().contains(list.tipOf(ref.getKey())));
    }
  }

  /// The number of changes so far: the time, for [#isOlder] and [#record].
  long now() {
    return changes.get();
  }

  /// Whether a list shows a ref where it pointed before, and no longer did.
  ///
  /// @param askedAt [#now] when the list was asked for: what has changed since then may be missing
  boolean isOlder(RepositoryAsker asker, RefTips list, long askedAt) {
    History history = histories.getIfPresent(asker);
    return history != null && history.lastChange() <= askedAt && history.shows(list);
  }

  /// Records a list that is not older.
  void record(RepositoryAsker asker, RefTips list, long askedAt) {
    Map<Long, Long> refs = new HashMap<>();
    for (int i = 0; i < Math.min(list.size(), MAX_REFS); i++) {
      refs.put(list.refAt(i), list.tipAt(i));
    }
    histories
        .asMap()
        .compute(
            asker,
            (key, history) -> {
              if (history == null) return moved(History.EMPTY, refs);
              return history.lastChange() > askedAt ? history : moved(history, refs);
            });
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
    boolean changed = !refs.equals(history.refs());
    return changed ? new History(Map.copyOf(refs), changes.incrementAndGet()) : history;
  }
}
