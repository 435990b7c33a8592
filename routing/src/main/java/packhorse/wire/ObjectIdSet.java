package packhorse.wire;

import java.util.Collection;

/// An immutable set of object ids of one object format, such as the objects that a node advertised.
/// It stores 20 or 32 bytes for each id, because the sets of many repositories are kept in memory.
public final class ObjectIdSet {

  public static final ObjectIdSet EMPTY = new ObjectIdSet(ObjectIdList.EMPTY);

  // Estimated: the objects of the set and its list, without the ids.
  private static final int OVERHEAD_BYTES = 64;

  private final ObjectIdList sorted;

  private ObjectIdSet(ObjectIdList sorted) {
    this.sorted = sorted;
  }

  /// Returns a set of these ids.
  ///
  /// @throws IllegalArgumentException for ids of two object formats
  public static ObjectIdSet of(Collection<ObjectId> ids) {
    return ids.isEmpty() ? EMPTY : new ObjectIdSet(ObjectIdList.copyOf(ids).sortedDistinct());
  }

  public boolean contains(ObjectId id) {
    return sorted.containsAssumingSorted(id);
  }

  public boolean containsAll(Collection<ObjectId> ids) {
    return ids.stream().allMatch(this::contains);
  }

  public boolean containsAll(ObjectIdSet others) {
    return containsAll(others.sorted);
  }

  public int size() {
    return sorted.size();
  }

  /// The estimated memory that this set takes, in bytes: the weight of a cache entry.
  public int weight() {
    return OVERHEAD_BYTES + sorted.byteSize();
  }
}
