package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The beginning of a text that arrives in pieces: no more than a limit is kept, the rest is
/// forgotten. Reused for one text after another.
final class ShortText {

  private final int limit;
  private byte[] kept = new byte[128];
  private int size;

  ShortText(int limit) {
    this.limit = limit;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void add(ByteBuffer bytes, int from, int to) {
    int more = Math.min(to - from, limit - size);
    if (size + more > kept.length) {
      kept = Arrays.copyOf(kept, Math.min(limit, Math.max(2 * kept.length, size + more)));
    }
    bytes.get(from, kept, size, more);
    size += more;
  }

  /// As text in wire form, without one trailing LF.
  String line() {
    int end = size > 0 && kept[size - 1] == '\n' ? size - 1 : size;
    return WireText.text(Arrays.copyOf(kept, end));
  }

  /// Where the text is kept, up to [#size]; to be looked at only until the next call.
  byte[] kept() {
    return kept;
  }

  boolean startsWith(byte[] prefix) {
    return size >= prefix.length && Arrays.equals(kept, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// Where these bytes stand first, looked for from a place on up to a zero byte; -1 for nowhere.
  int find(byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= size && kept[at] != 0; at++) {
      if (kept[at] == wanted[0]
          && Arrays.equals(kept, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }
}
