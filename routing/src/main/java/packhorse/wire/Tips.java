package packhorse.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The objects that a node advertised: a set of ids, packed to twenty or thirty-two bytes each,
/// because many are remembered.
public final class Tips {

  public static final Tips NONE = new Tips(new byte[0], ObjectFormat.SHA1);

  private static final int OVERHEAD = 48;

  private final byte[] sorted;
  private final ObjectFormat format;

  private Tips(byte[] sorted, ObjectFormat format) {
    this.sorted = sorted;
    this.format = format;
  }

  /// A set of these ids, which must all have one format.
  public static Tips of(Collection<ObjectId> ids) {
    if (ids.isEmpty()) {
      return NONE;
    }
    List<byte[]> rows = new ArrayList<>(ids.size());
    ids.forEach(id -> rows.add(id.raw()));
    return ofRows(rows, ids.iterator().next().format());
  }

  static Tips ofRows(List<byte[]> rows, ObjectFormat format) {
    int size = format.rawBytes();
    byte[][] inOrder = rows.toArray(new byte[0][]);
    Arrays.sort(inOrder, Arrays::compareUnsigned);
    byte[] packed = new byte[inOrder.length * size];
    int count = 0;
    for (int i = 0; i < inOrder.length; i++) {
      if (i == 0 || !Arrays.equals(inOrder[i], inOrder[i - 1])) {
        System.arraycopy(inOrder[i], 0, packed, size * count++, size);
      }
    }
    return new Tips(Arrays.copyOf(packed, count * size), format);
  }

  public boolean contains(ObjectId id) {
    if (id.format() != format) {
      return false;
    }
    byte[] wanted = id.raw();
    int size = format.rawBytes();
    int low = 0;
    int high = sorted.length / size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(sorted, middle * size, (middle + 1) * size, wanted, 0, size);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  public boolean containsAll(Collection<ObjectId> ids) {
    return ids.stream().allMatch(this::contains);
  }

  public int size() {
    return sorted.length / format.rawBytes();
  }

  /// About how many bytes of memory this takes.
  public int weight() {
    return OVERHEAD + sorted.length;
  }
}
