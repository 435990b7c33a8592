package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.RandomAccess;

/// An unmodifiable list of object ids of one format, packed: a client may name two hundred
/// thousand, and as objects they would take five times the memory. Equal to any list of the same
/// ids.
final class IdList extends AbstractList<ObjectId> implements RandomAccess {

  static final IdList EMPTY = new IdList(new byte[0], ObjectFormat.SHA1.rawBytes());

  private final byte[] packed;
  private final int width;

  private IdList(byte[] packed, int width) {
    this.packed = packed;
    this.width = width;
  }

  /// @throws IllegalArgumentException for ids of two formats
  static IdList copyOf(Iterable<ObjectId> ids) {
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

  /// How many bytes the ids take.
  int bytes() {
    return packed.length;
  }

  /// Whether an id is in this list, which must be sorted.
  boolean sortedContains(ObjectId id) {
    byte[] wanted = id.raw();
    if (wanted.length != width) {
      return false;
    }
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(packed, middle * width, (middle + 1) * width, wanted, 0, width);
      if (order == 0) {
        return true;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return false;
  }

  /// The same ids in order, each once.
  IdList sortedOnce() {
    byte[] sorted = new byte[packed.length];
    int size = 0;
    for (int index : inOrder()) {
      int from = index * width;
      if (size == 0 || compare(sorted, size - width, from) != 0) {
        System.arraycopy(packed, from, sorted, size, width);
        size += width;
      }
    }
    return new IdList(size == sorted.length ? sorted : Arrays.copyOf(sorted, size), width);
  }

  /// The same ids in this order, each where it stands first. By sorting: a table of ids that a
  /// client chooses could be made to degenerate.
  IdList once() {
    BitSet again = new BitSet();
    int[] inOrder = inOrder();
    for (int i = 1; i < inOrder.length; i++) {
      if (compare(packed, inOrder[i - 1] * width, inOrder[i] * width) == 0) {
        again.set(inOrder[i]);
      }
    }
    if (again.isEmpty()) {
      return this;
    }
    byte[] kept = new byte[packed.length - again.cardinality() * width];
    int size = 0;
    for (int i = again.nextClearBit(0); i < size(); i = again.nextClearBit(i + 1)) {
      System.arraycopy(packed, i * width, kept, size, width);
      size += width;
    }
    return new IdList(kept, width);
  }

  /// The places of the ids in the order of the ids and, of equal ones, of this list. Sorted are
  /// longs that hold the beginning of an id and its place; only where beginnings are equal, whole
  /// ids are compared.
  private int[] inOrder() {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size());
    long[] keys = new long[size()];
    ByteBuffer ids = ByteBuffer.wrap(packed);
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ((ids.getLong(i * width) >>> (bits + 1)) << bits) | i;
    }
    Arrays.sort(keys);
    int[] inOrder = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      inOrder[i] = (int) (keys[i] & ((1L << bits) - 1));
    }
    for (int from = 0; from < keys.length; ) {
      int to = from + 1;
      while (to < keys.length && (keys[to] >>> bits) == (keys[from] >>> bits)) {
        to++;
      }
      sortWhole(inOrder, from, to);
      from = to;
    }
    return inOrder;
  }

  private void sortWhole(int[] inOrder, int from, int to) {
    if (to - from > 1) {
      Integer[] run = new Integer[to - from];
      Arrays.setAll(run, i -> inOrder[from + i]);
      Arrays.sort(run, (a, b) -> compare(packed, a * width, b * width));
      for (int i = 0; i < run.length; i++) {
        inOrder[from + i] = run[i];
      }
    }
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
    private static final int ROOM = 256;

    private byte[] packed = EMPTY.packed;
    private int size;
    private int width;

    /// @throws IllegalArgumentException for an id of another format than the first one's
    void add(ObjectId id) {
      byte[] raw = id.raw();
      byte[] room = room(raw.length);
      System.arraycopy(raw, 0, room, size, width);
      size += width;
    }

    /// Adds the id that stands in these bytes, hexadecimal digits of the right number. False when
    /// it is none, or one of another format.
    boolean addHex(byte[] text, int from, int digits) {
      boolean known = digits == 40 || digits == 64;
      if (!known || (width != 0 && width != digits / 2)) {
        return false;
      }
      byte[] room = room(digits / 2);
      for (int i = 0; i < width; i++) {
        int high = HexDigits.lower(text[from + 2 * i]);
        int low = HexDigits.lower(text[from + 2 * i + 1]);
        if (high < 0 || low < 0) {
          return false;
        }
        room[size + i] = (byte) ((high << 4) | low);
      }
      size += width;
      return true;
    }

    private byte[] room(int bytes) {
      if (width != 0 && width != bytes) {
        throw new IllegalArgumentException("two object formats in one list");
      }
      width = bytes;
      if (size + width > packed.length) {
        packed = Arrays.copyOf(packed, packed.length + (packed.length >> 1) + ROOM);
      }
      return packed;
    }

    int count() {
      return width == 0 ? 0 : size / width;
    }

    IdList build() {
      return size == 0 ? EMPTY : new IdList(Arrays.copyOf(packed, size), width);
    }
  }
}
