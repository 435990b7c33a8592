package packhorse.node.tips;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import packhorse.wire.push.RefUpdate;
import packhorse.wire.refs.RefTips;

/// What pushes through the proxy made of the refs of one repository, or may have made of them. Of
/// the refs that were pushed last, [#MAX_REFS] are kept. Immutable.
public final class PushedTips {
  static final int MAX_REFS = 10_000;

  public static final PushedTips NONE = new PushedTips(new LinkedHashMap<>(), 0);

  // Estimated: a key, an entry of the map, and its value.
  private static final int BYTES_PER_REF = 128;

  private final SequencedMap<Long, PushedTip> byRef;
  private final long lastOrder;

  // The refs with a push of which it is not known whether it was applied.
  private final Map<Long, PushedTip> open;

  private PushedTips(SequencedMap<Long, PushedTip> byRef, long lastOrder) {
    this.byRef = byRef;
    this.lastOrder = lastOrder;
    this.open =
        byRef.entrySet().stream()
            .filter(entry -> entry.getValue().isOpen())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

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
    return byRef.size() * BYTES_PER_REF;
  }

  /// Returns what is known once a push has begun that may be applied.
  public PushedTips withBegun(Collection<RefUpdate> updates, long order) {
    SequencedMap<Long, PushedTip> changed = new LinkedHashMap<>(byRef);
    for (RefUpdate update : updates) {
      long ref = RefTips.refHash(update.ref());
      PushedTip known = changed.getOrDefault(ref, PushedTip.UNKNOWN);
      changed.putLast(ref, known.withPossible(RefTips.tipHash(update.newId()), order));
    }
    return limited(changed, lastOrder);
  }

  /// Returns what is known once a node has reported that these changes were applied.
  public PushedTips withApplied(Collection<RefUpdate> updates, long order) {
    SequencedMap<Long, PushedTip> changed = new LinkedHashMap<>(byRef);
    for (RefUpdate update : updates) {
      long ref = RefTips.refHash(update.ref());
      long before = RefTips.tipHash(update.oldId());
      long tip = RefTips.tipHash(update.newId());
      boolean overtaken = changed.getOrDefault(ref, PushedTip.UNKNOWN).isAfter(before, tip);
      if (!overtaken) changed.putLast(ref, new PushedTip(tip, order, before, tip, order));
    }
    return limited(changed, order);
  }

  /// Returns what is known once a list has shown that pushes were applied of which this was not
  /// known.
  public PushedTips confirmedBy(ShownList list) {
    if (open.isEmpty()) return this;
    SequencedMap<Long, PushedTip> changed = new LinkedHashMap<>(byRef);
    boolean confirmed = false;
    for (Map.Entry<Long, PushedTip> push : open.entrySet()) {
      if (list.refs().tipOf(push.getKey()) != push.getValue().possible()) continue;
      changed.put(push.getKey(), push.getValue().confirmed(list.order()));
      confirmed = true;
    }
    if (!confirmed) return this;
    return new PushedTips(changed, lastOrder);
  }

  private static PushedTips limited(SequencedMap<Long, PushedTip> byRef, long lastOrder) {
    while (byRef.size() > MAX_REFS) byRef.pollFirstEntry();
    return new PushedTips(byRef, lastOrder);
  }
}
