package packhorse.node.tips;

import java.util.Arrays;
import packhorse.wire.refs.RefTips;

/// The newest that one asker was shown of each ref, in lists of all refs and of some. Immutable.
public final class ShownTips {
  public static final ShownTips NONE = new ShownTips(new long[0], new long[0], new long[0], 0);

  private static final int BYTES_PER_REF = 24;

  // Sorted by the hashes of their names; the order of each is that of the list that showed it.
  private final long[] refs;
  private final long[] tips;
  private final long[] orders;
  private final long wholeListOrder;

  private ShownTips(long[] refs, long[] tips, long[] orders, long wholeListOrder) {
    this.refs = refs;
    this.tips = tips;
    this.orders = orders;
    this.wholeListOrder = wholeListOrder;
  }

  int size() {
    return refs.length;
  }

  long refAt(int index) {
    return refs[index];
  }

  /// Returns what the asker was last shown of a ref; with [RefTips#NONE] also if the last list of
  /// all refs did not contain it.
  Tip tipOf(long ref) {
    int index = Arrays.binarySearch(refs, ref);
    return index < 0 ? unlisted() : tipAt(index);
  }

  private Tip unlisted() {
    return new Tip(RefTips.NONE, wholeListOrder);
  }

  Tip tipAt(int index) {
    return new Tip(tips[index], orders[index]);
  }

  /// The object that a ref points to.
  ///
  /// @param order of the list or push from which it is known; 0 if nothing is known of the ref
  record Tip(long tip, long order) {}

  /// The memory that this takes, in bytes.
  public int byteSize() {
    return refs.length * BYTES_PER_REF;
  }

  /// Returns these tips as they are after another list was shown.
  public ShownTips with(ShownList list) {
    if (!list.whole() && containsAll(list.refs())) return this;
    Merge merge = new Merge(refs.length + list.refs().size());
    int own = 0;
    for (int i = 0; i < list.refs().size(); i++) {
      long ref = list.refs().refAt(i);
      for (; own < refs.length && refs[own] < ref; own++) keep(merge, own, list);
      Tip known = own < refs.length && refs[own] == ref ? tipAt(own++) : unlisted();
      if (known.order() <= list.order()) merge.add(ref, list.refs().tipAt(i), list.order());
      else if (known.tip() != RefTips.NONE) merge.add(ref, known.tip(), known.order());
    }
    for (; own < refs.length; own++) keep(merge, own, list);
    return merge.toTips(list.whole() ? Math.max(wholeListOrder, list.order()) : wholeListOrder);
  }

  // Keeps a ref that is not in the list, unless that proves that it does not exist any more.
  private void keep(Merge merge, int index, ShownList list) {
    boolean gone = list.whole() && orders[index] < list.order();
    if (!gone) merge.add(refs[index], tips[index], orders[index]);
  }

  private boolean containsAll(RefTips list) {
    for (int i = 0; i < list.size(); i++) {
      int index = Arrays.binarySearch(refs, list.refAt(i));
      if (index < 0 || tips[index] != list.tipAt(i)) return false;
    }
    return true;
  }

  private static final class Merge {
    private final long[] refs;
    private final long[] tips;
    private final long[] orders;
    private int count;

    Merge(int capacity) {
      refs = new long[capacity];
      tips = new long[capacity];
      orders = new long[capacity];
    }

    void add(long ref, long tip, long order) {
      refs[count] = ref;
      tips[count] = tip;
      orders[count++] = order;
    }

    ShownTips toTips(long wholeListOrder) {
      return new ShownTips(
          Arrays.copyOf(refs, count),
          Arrays.copyOf(tips, count),
          Arrays.copyOf(orders, count),
          wholeListOrder);
    }
  }
}
