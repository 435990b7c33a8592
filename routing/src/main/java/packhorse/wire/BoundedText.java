package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A buffer for a text that arrives in pieces. It keeps the first bytes up to a limit and drops the
/// rest. It can be cleared and used again for the next text. Not thread-safe.
public final class BoundedText {

  private final int limit;
  private byte[] array = new byte[128];
  private int size;

  /// @param limit the number of bytes to keep
  public BoundedText(int limit) {
    this.limit = limit;
  }

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /// Appends a range of a buffer, whose position does not change.
  public void append(ByteBuffer bytes, int from, int to) {
    int count = Math.min(to - from, limit - size);
    if (size + count > array.length) {
      array = Arrays.copyOf(array, Math.min(limit, Math.max(2 * array.length, size + count)));
    }
    bytes.get(from, array, size, count);
    size += count;
  }

  /// The text in wire form (see [WireText]), without one trailing LF.
  public String line() {
    int end = size > 0 && array[size - 1] == '\n' ? size - 1 : size;
    return WireText.text(Arrays.copyOf(array, end));
  }

  /// The array that holds the text in its first [#size] bytes, not a copy: it is valid only until
  /// the next call.
  public byte[] array() {
    return array;
  }

  public boolean startsWith(byte[] prefix) {
    return size >= prefix.length
        && Arrays.equals(array, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// The index of the first occurrence of a byte sequence at or after `from`, searching no further
  /// than the first zero byte; -1 when there is none.
  public int indexOf(byte[] sequence, int from) {
    for (int i = from; i + sequence.length <= size && array[i] != 0; i++) {
      if (array[i] == sequence[0]
          && Arrays.equals(array, i, i + sequence.length, sequence, 0, sequence.length)) {
        return i;
      }
    }
    return -1;
  }
}
