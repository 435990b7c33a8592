package packhorse.node.tips;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import packhorse.wire.push.RefUpdate;
import packhorse.wire.refs.RefTips;

/// What pushes through the proxy made of the refs of one repository, or may have made of them: the
/// last push of each ref, of at most [#MAX_REFS] refs, and the last [#MAX_CHANGES] changes of all.
/// Immutable.
public final class PushedTips {
  static final int MAX_REFS = 10_000;

  static final int MAX_CHANGES = 500;

  public static final PushedTips NONE =
      new PushedTips(new LinkedHashMap<>(), new LinkedHashMap<>(), 0);

  // Estimated: a key, an entry of the map, and its value.
  private static final int BYTES_PER_REF = 128;

  private static final int BYTES_PER_CHANGE = 112;

  private final SequencedMap<Long, PushedTip> byRef;

  // The order of each change, the last one at the end.
  private final SequencedMap<Change, Long> changes;
  private final long lastOrder;

  // The refs with a push of which it is not known whether it was applied.
  private final Map<Long, PushedTip> open;

  private PushedTips(
      SequencedMap<Long, PushedTip> byRef, SequencedMap<Change, Long> changes, long lastOrder) {
    this.byRef = byRef;
    this.changes = changes;
    this.lastOrder = lastOrder;
    this.open =
        byRef.entrySet().stream()
            .filter(entry -> entry.getValue().isOpen())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// That a ref came to point to an object.
  private record Change(long ref, long tip) {}

  /// What is known of one ref, from pushes alone.
  ///
  /// @param tip what the last push that is known to have succeeded made of it
  /// @param order of that push; 0 if there was none
  /// @param before what the ref pointed to before that push
  /// @param possible what the last push made of it if it was applied, which is not known
  /// @param possibleOrder of that push; 0 if there was none
  record PushedTip(long tip, long order, long before, long possible, long possibleOrder) {
    private static final PushedTip UNKNOWN = new PushedTip(RefTips.NONE, 0, RefTips.NONE, 0, 0);

    private boolean isOpen() {
      return possibleOrder > order && possible != tip && possible != RefTips.NONE;
    }

    private PushedTip withPossible(long newTip, long pushOrder) {
      return new PushedTip(tip, order, before, newTip, pushOrder);
    }

    private PushedTip confirmed(long listOrder) {
      long newOrder = Math.max(listOrder, possibleOrder);
      return new PushedTip(possible, newOrder, tip, possible, newOrder);
    }

    /// A push that changed the ref to the tip of which this push made `tip` has just been reported,
    /// after it.
    private boolean isAfter(long oldTip, long newTip) {
      return order > 0 && before == newTip && tip != oldTip;
    }
  }

  /// Returns what is known of a ref; null if nothing was pushed to it.
  @Nullable PushedTip find(long ref) {
    return byRef.get(ref);
  }

  Map<Long, PushedTip> byRef() {
    return byRef;
  }

  /// The order of the last push that is known to have succeeded; 0 if there was none.
  long lastOrder() {
    return lastOrder;
  }

  /// The memory that this takes, in bytes.
  public int byteSize() {
    return byRef.size() * BYTES_PER_REF + changes.size() * BYTES_PER_CHANGE;
  }

  /// Returns the order of the last change that a list of refs shows; 0 if it shows none. Since
  /// replicas follow the primary, the one with the later change is the more current one.
  long lastChangeIn(RefTips list) {
    long last = 0;
    for (Map.Entry<Long, PushedTip> push : open.entrySet()) {
      boolean shown = list.tipOf(push.getKey()) == push.getValue().possible();
      if (shown) last = Math.max(last, push.getValue().possibleOrder());
    }
    for (Map.Entry<Change, Long> change : changes.sequencedEntrySet().reversed()) {
      if (change.getValue() <= last) break;
      if (list.tipOf(change.getKey().ref()) == change.getKey().tip()) return change.getValue();
    }
    return last;
  }

  /// Returns what is known once a push has begun that may be applied.
  public PushedTips withBegun(Collection<RefUpdate> updates, long order) {
    SequencedMap<Long, PushedTip> changed = new LinkedHashMap<>(byRef);
    for (RefUpdate update : updates) {
      long ref = RefTips.refHash(update.ref());
      PushedTip known = changed.getOrDefault(ref, PushedTip.UNKNOWN);
      changed.putLast(ref, known.withPossible(RefTips.tipHash(update.newId()), order));
    }
    return limited(changed, changes, lastOrder);
  }

  /// Returns what is known once a node has reported that these changes were applied.
  public PushedTips withApplied(Collection<RefUpdate> updates, long order) {
    SequencedMap<Long, PushedTip> changed = new LinkedHashMap<>(byRef);
    SequencedMap<Change, Long> moreChanges = new LinkedHashMap<>(changes);
    for (RefUpdate update : updates) {
      long ref = RefTips.refHash(update.ref());
      long before = RefTips.tipHash(update.oldId());
      long tip = RefTips.tipHash(update.newId());
      boolean overtaken = changed.getOrDefault(ref, PushedTip.UNKNOWN).isAfter(before, tip);
      if (overtaken) continue;
      changed.putLast(ref, new PushedTip(tip, order, before, tip, order));
      moreChanges.putLast(new Change(ref, tip), order);
    }
    return limited(changed, moreChanges, order);
  }

  /// Returns what is known once a list has shown that pushes were applied of which this was not
  /// known.
  public PushedTips confirmedBy(ShownList list) {
    if (open.isEmpty()) return this;
    SequencedMap<Long, PushedTip> changed = new LinkedHashMap<>(byRef);
    SequencedMap<Change, Long> moreChanges = new LinkedHashMap<>(changes);
    long last = lastOrder;
    for (Map.Entry<Long, PushedTip> push : open.entrySet()) {
      if (list.refs().tipOf(push.getKey()) != push.getValue().possible()) continue;
      PushedTip applied = push.getValue().confirmed(list.order());
      changed.put(push.getKey(), applied);
      moreChanges.putLast(new Change(push.getKey(), applied.tip()), applied.order());
      last = Math.max(last, applied.order());
    }
    if (last == lastOrder) return this;
    return limited(changed, moreChanges, last);
  }

  private static PushedTips limited(
      SequencedMap<Long, PushedTip> byRef, SequencedMap<Change, Long> changes, long lastOrder) {
    while (byRef.size() > MAX_REFS) byRef.pollFirstEntry();
    while (changes.size() > MAX_CHANGES) changes.pollFirstEntry();
    return new PushedTips(byRef, changes, lastOrder);
  }
}
