package packhorse.node.tips;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import packhorse.node.tips.PushedTips.PushedTip;
import packhorse.node.tips.ShownTips.Tip;
import packhorse.wire.refs.RefTips;

/// How far a list of refs is behind what an asker was shown and what was pushed. Comparable: the
/// more current list is the smaller one.
///
/// @param missing the number of refs that certainly pointed to something else when they were last
///   shown or pushed
/// @param doubtful the number of further refs that point to something else than they did when they
///   were last shown, before a later push: a push may also change what follows a pushed branch,
///   such as the refs of merge requests
/// @param lastChange the order of the last push that the list shows
public record Staleness(int missing, int doubtful, long lastChange)
    implements Comparable<Staleness> {
  private static final Comparator<Staleness> ORDER =
      Comparator.comparing(Staleness::isStale)
          .thenComparing(Comparator.comparingLong(Staleness::lastChange).reversed())
          .thenComparingInt(Staleness::missing)
          .thenComparingInt(Staleness::doubtful);

  /// Compares the list of all refs of a node with what is known.
  public static Staleness of(RefTips list, ShownTips shown, PushedTips pushed) {
    int missing = 0;
    int doubtful = 0;
    for (int i = 0; i < shown.size(); i++) {
      long ref = shown.refAt(i);
      Tip tip = shown.tipAt(i);
      PushedTip push = pushed.find(ref);
      if (push != null && push.order() > tip.order()) continue;
      if (isAsCurrent(list.tipOf(ref), tip, push)) continue;
      if (tip.order() > pushed.lastOrder()) missing++;
      else doubtful++;
    }
    for (var entry : pushed.byRef().entrySet()) {
      PushedTip push = entry.getValue();
      if (push.order() <= shown.tipOf(entry.getKey()).order()) continue;
      Tip tip = new Tip(push.tip(), push.order());
      if (!isAsCurrent(list.tipOf(entry.getKey()), tip, push)) missing++;
    }
    return new Staleness(missing, doubtful, pushed.lastChangeIn(list));
  }

  /// Returns the part of a replica's list that replaces nothing: the refs of which nothing is
  /// known.
  public static ShownList unknownPart(ShownList list, ShownTips shown, PushedTips pushed) {
    RefTips.Builder rest = new RefTips.Builder();
    for (int i = 0; i < list.refs().size(); i++) {
      long ref = list.refs().refAt(i);
      boolean unknown = shown.tipOf(ref).order() == 0 && pushed.find(ref) == null;
      if (unknown) rest.add(ref, list.refs().tipAt(i));
    }
    return new ShownList(rest.build(), list.order(), false, false);
  }

  // A ref may also point to what a push made of it of which it is not known whether it was applied.
  private static boolean isAsCurrent(long actual, Tip known, @Nullable PushedTip push) {
    if (actual == known.tip()) return true;
    return push != null && push.possibleOrder() > known.order() && actual == push.possible();
  }

  /// Whether the list is certainly older than what is known.
  public boolean isStale() {
    return missing > 0;
  }

  /// Whether nothing tells the list from one that is as current as all that is known.
  public boolean isNone() {
    return missing == 0 && doubtful == 0;
  }

  @Override
  public int compareTo(Staleness other) {
    return ORDER.compare(this, other);
  }
}
