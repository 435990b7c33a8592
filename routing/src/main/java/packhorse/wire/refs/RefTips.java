package packhorse.wire.refs;

import java.util.Arrays;
import packhorse.wire.ObjectId;
import packhorse.wire.WireText;

/// The refs of one list, each with the object that it points to. Immutable. Names and objects are
/// kept as hashes of 64 bits, which take sixteen bytes for each ref, because the lists of many
/// repositories are kept in memory. Two hashes that are equal by chance can only make a node appear
/// to be as current as another one.
public final class RefTips {
  /// Stands for no object: the tip of a ref that a list does not contain.
  public static final long NONE = 0;

  public static final RefTips EMPTY = new RefTips(new long[0], new long[0]);

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int BYTES_PER_REF = 16;
  private static final int DIGITS_OF_LONG = 16;

  private final long[] refs;
  private final long[] tips;

  private RefTips(long[] refs, long[] tips) {
    this.refs = refs;
    this.tips = tips;
  }

  /// The hash of a ref's name.
  ///
  /// @param name in wire form
  public static long refHash(String name) {
    byte[] bytes = WireText.bytes(name);
    return refHash(bytes, 0, bytes.length);
  }

  static long refHash(byte[] text, int from, int to) {
    long hash = FNV_OFFSET;
    for (int i = from; i < to; i++) hash = (hash ^ (text[i] & 0xff)) * FNV_PRIME;
    return hash;
  }

  /// The hash of an object id; [#NONE] for the id that stands for no object.
  public static long tipHash(ObjectId id) {
    return Long.parseUnsignedLong(id.hex(), 0, DIGITS_OF_LONG, 16);
  }

  /// The number of refs.
  public int size() {
    return refs.length;
  }

  /// The hash of the name of one of the refs, which are in the order of these hashes.
  public long refAt(int index) {
    return refs[index];
  }

  /// The hash of the object that one of the refs points to.
  public long tipAt(int index) {
    return tips[index];
  }

  /// Returns the hash of the object that a ref points to, or [#NONE].
  ///
  /// @param refHash the hash of its name
  public long tipOf(long refHash) {
    int index = Arrays.binarySearch(refs, refHash);
    return index < 0 ? NONE : tips[index];
  }

  /// Whether a ref points to this object.
  public boolean contains(String ref, ObjectId tip) {
    return tipOf(refHash(ref)) == tipHash(tip);
  }

  /// The memory that the refs take, in bytes.
  public int byteSize() {
    return refs.length * BYTES_PER_REF;
  }

  /// Collects refs in any order. If a name occurs twice, one of its objects is kept.
  public static final class Builder {
    private long[] refs = new long[16];
    private long[] tips = new long[16];
    private int count;

    public Builder add(String ref, ObjectId tip) {
      return add(refHash(ref), tipHash(tip));
    }

    public Builder add(long refHash, long tipHash) {
      if (count == refs.length) {
        refs = Arrays.copyOf(refs, count * 2);
        tips = Arrays.copyOf(tips, count * 2);
      }
      refs[count] = refHash;
      tips[count++] = tipHash;
      return this;
    }

    public int count() {
      return count;
    }

    public RefTips build() {
      long[] sorted = Arrays.copyOf(refs, count);
      Arrays.sort(sorted);
      long[] inOrder = new long[count];
      for (int i = 0; i < count; i++) inOrder[Arrays.binarySearch(sorted, refs[i])] = tips[i];
      return new RefTips(sorted, inOrder);
    }
  }
}
