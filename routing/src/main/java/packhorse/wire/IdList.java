package packhorse.wire;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.RandomAccess;

/// An unmodifiable list of object ids of one format, packed: a client may name two hundred
/// thousand, and as objects they would take five times the memory. Equal to any list of the same
/// ids.
final class IdList extends AbstractList<ObjectId> implements RandomAccess {

  private static final IdList EMPTY = new IdList(new byte[0], ObjectFormat.SHA1.rawBytes());

  private final byte[] packed;
  private final int width;

  private IdList(byte[] packed, int width) {
    this.packed = packed;
    this.width = width;
  }

  /// @throws IllegalArgumentException for ids of two formats
  static IdList copyOf(List<ObjectId> ids) {
    if (ids instanceof IdList packed) {
      return packed;
    }
    Builder builder = new Builder();
    ids.forEach(builder::add);
    return builder.build();
  }

  @Override
  public ObjectId get(int index) {
    int from = Math.multiplyExact(index, width);
    if (index < 0 || from >= packed.length) {
      throw new IndexOutOfBoundsException(index);
    }
    return new ObjectId(HexFormat.of().formatHex(packed, from, from + width));
  }

  @Override
  public int size() {
    return packed.length / width;
  }

  /// The same ids in order, each once.
  IdList sortedOnce() {
    byte[] sorted = new byte[packed.length];
    int size = 0;
    for (Integer from : inOrder()) {
      if (size == 0 || compare(sorted, size - width, from) != 0) {
        System.arraycopy(packed, from, sorted, size, width);
        size += width;
      }
    }
    return new IdList(Arrays.copyOf(sorted, size), width);
  }

  /// The same ids in this order, each where it stands first. By sorting: a table of ids that a
  /// client chooses could be made to degenerate.
  IdList once() {
    BitSet again = new BitSet();
    Integer[] inOrder = inOrder();
    for (int i = 1; i < inOrder.length; i++) {
      if (compare(packed, inOrder[i - 1], inOrder[i]) == 0) {
        again.set(inOrder[i] / width);
      }
    }
    byte[] kept = new byte[packed.length - again.cardinality() * width];
    int size = 0;
    for (int i = again.nextClearBit(0); i < size(); i = again.nextClearBit(i + 1)) {
      System.arraycopy(packed, i * width, kept, size, width);
      size += width;
    }
    return new IdList(kept, width);
  }

  /// Where each id begins, in the order of the ids and, of equal ones, of this list.
  private Integer[] inOrder() {
    Integer[] starts = new Integer[size()];
    Arrays.setAll(starts, i -> i * width);
    Arrays.sort(starts, (a, b) -> compare(packed, a, b));
    return starts;
  }

  private int compare(byte[] one, int at, int from) {
    return Arrays.compareUnsigned(one, at, at + width, packed, from, from + width);
  }

  @Override
  public boolean equals(Object other) {
    if (other instanceof IdList that && width == that.width) {
      return Arrays.equals(packed, that.packed);
    }
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /// Collects ids of one format.
  static final class Builder {
    private byte[] packed = new byte[256];
    private int size;
    private int width;

    /// @throws IllegalArgumentException for an id of another format than the first one's
    void add(ObjectId id) {
      if (width != 0 && width != id.format().rawBytes()) {
        throw new IllegalArgumentException("two object formats in one list");
      }
      width = id.format().rawBytes();
      if (size + width > packed.length) {
        packed = Arrays.copyOf(packed, packed.length + (packed.length >> 1));
      }
      System.arraycopy(id.raw(), 0, packed, size, width);
      size += width;
    }

    int count() {
      return width == 0 ? 0 : size / width;
    }

    IdList build() {
      return size == 0 ? EMPTY : new IdList(Arrays.copyOf(packed, size), width);
    }
  }
}
