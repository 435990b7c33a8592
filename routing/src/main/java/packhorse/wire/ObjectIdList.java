package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.RandomAccess;

/// An unmodifiable list of object ids of one object format, stored in one byte array. A client may
/// send 200,000 ids; a list of [ObjectId] objects would take five times as much memory. The list
/// equals any other list of the same ids in the same order.
public final class ObjectIdList extends AbstractList<ObjectId> implements RandomAccess {

  static final ObjectIdList EMPTY = new ObjectIdList(new byte[0], ObjectFormat.SHA1.rawLength());

  private final byte[] packed;
  private final int width;

  private ObjectIdList(byte[] packed, int width) {
    this.packed = packed;
    this.width = width;
  }

  /// Returns a list of these ids in their order.
  ///
  /// @throws IllegalArgumentException for ids of two object formats
  public static ObjectIdList copyOf(Iterable<ObjectId> ids) {
    if (ids instanceof ObjectIdList list) {
      return list;
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

  /// The size of the ids in bytes.
  int byteSize() {
    return packed.length;
  }

  /// The ids in ascending order without duplicates.
  public ObjectIdList sortedDistinct() {
    byte[] sorted = new byte[packed.length];
    int size = 0;
    for (int index : sortedIndexes()) {
      int offset = index * width;
      if (size == 0 || compare(sorted, size - width, offset) != 0) {
        System.arraycopy(packed, offset, sorted, size, width);
        size += width;
      }
    }
    return new ObjectIdList(size == sorted.length ? sorted : Arrays.copyOf(sorted, size), width);
  }

  /// The ids in the order of this list without duplicates; of equal ids the first one stays. This
  /// sorts instead of using a hash table, because a client could choose ids that collide.
  public ObjectIdList distinct() {
    BitSet duplicates = new BitSet();
    int[] sorted = sortedIndexes();
    for (int i = 1; i < sorted.length; i++) {
      if (compare(packed, sorted[i - 1] * width, sorted[i] * width) == 0) {
        duplicates.set(sorted[i]);
      }
    }
    if (duplicates.isEmpty()) {
      return this;
    }
    byte[] distinct = new byte[packed.length - duplicates.cardinality() * width];
    int size = 0;
    for (int i = duplicates.nextClearBit(0); i < size(); i = duplicates.nextClearBit(i + 1)) {
      System.arraycopy(packed, i * width, distinct, size, width);
      size += width;
    }
    return new ObjectIdList(distinct, width);
  }

  /// The indexes of the ids in ascending order of the ids; of equal ids, in the order of this list.
  /// To be fast, this sorts `long` keys that hold the first bits of an id and its index, and
  /// compares whole ids only where the first bits are equal.
  private int[] sortedIndexes() {
    int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(size());
    long[] keys = new long[size()];
    ByteBuffer ids = ByteBuffer.wrap(packed);
    for (int i = 0; i < keys.length; i++) {
      // The highest bit stays 0, so that the order of signed keys is the unsigned order of the ids.
      keys[i] = ((ids.getLong(i * width) >>> (indexBits + 1)) << indexBits) | i;
    }
    Arrays.sort(keys);
    int[] indexes = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      indexes[i] = (int) (keys[i] & ((1L << indexBits) - 1));
    }
    for (int from = 0; from < keys.length; ) {
      int to = from + 1;
      while (to < keys.length && (keys[to] >>> indexBits) == (keys[from] >>> indexBits)) {
        to++;
      }
      sortByWholeId(indexes, from, to);
      from = to;
    }
    return indexes;
  }

  private void sortByWholeId(int[] indexes, int from, int to) {
    if (to - from > 1) {
      Integer[] run = new Integer[to - from];
      Arrays.setAll(run, i -> indexes[from + i]);
      Arrays.sort(run, (a, b) -> compare(packed, a * width, b * width));
      for (int i = 0; i < run.length; i++) {
        indexes[from + i] = run[i];
      }
    }
  }

  private int compare(byte[] array, int offset, int packedOffset) {
    return Arrays.compareUnsigned(
        array, offset, offset + width, packed, packedOffset, packedOffset + width);
  }

  @Override
  public boolean equals(Object other) {
    if (other instanceof ObjectIdList that && width == that.width) {
      return Arrays.equals(packed, that.packed);
    }
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /// Builds a list of ids of one object format.
  public static final class Builder {
    private static final int MIN_GROWTH = 256;

    private byte[] packed = EMPTY.packed;
    private int size;
    private int width;

    /// Adds an id.
    ///
    /// @throws IllegalArgumentException if it has another object format than the first one
    public void add(ObjectId id) {
      byte[] raw = id.raw();
      prepareToAdd(raw.length);
      System.arraycopy(raw, 0, packed, size, width);
      size += width;
    }

    // Sets the width for the first id, and makes room for one more id.
    private void prepareToAdd(int idLength) {
      if (width != 0 && width != idLength) {
        throw new IllegalArgumentException("two object formats in one list");
      }
      width = idLength;
      if (size + width > packed.length) {
        packed = Arrays.copyOf(packed, packed.length + (packed.length >> 1) + MIN_GROWTH);
      }
    }

    public int count() {
      return width == 0 ? 0 : size / width;
    }

    public ObjectIdList build() {
      return size == 0 ? EMPTY : new ObjectIdList(Arrays.copyOf(packed, size), width);
    }
  }
}
