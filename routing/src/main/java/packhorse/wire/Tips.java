package packhorse.wire;

import java.util.Collection;

/// The objects that a node advertised: a set of ids, packed to twenty or thirty-two bytes each,
/// because many are remembered.
public final class Tips {

  public static final Tips NONE = new Tips(IdList.EMPTY);

  private static final int OVERHEAD = 64;

  private final IdList sorted;

  private Tips(IdList sorted) {
    this.sorted = sorted;
  }

  /// A set of these ids, which must all have one format.
  public static Tips of(Collection<ObjectId> ids) {
    return of(IdList.copyOf(ids));
  }

  static Tips of(IdList ids) {
    return ids.isEmpty() ? NONE : new Tips(ids.sortedOnce());
  }

  public boolean contains(ObjectId id) {
    return sorted.sortedContains(id);
  }

  public boolean containsAll(Collection<ObjectId> ids) {
    return ids.stream().allMatch(this::contains);
  }

  public boolean containsAll(Tips others) {
    return containsAll(others.sorted);
  }

  public int size() {
    return sorted.size();
  }

  /// About how many bytes of memory this takes.
  public int weight() {
    return OVERHEAD + sorted.bytes();
  }
}
