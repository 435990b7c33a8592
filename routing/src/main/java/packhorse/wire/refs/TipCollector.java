package packhorse.wire.refs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import packhorse.wire.BoundedText;
import packhorse.wire.HexDigits;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.PktScanner;

/// Collects the refs of an advertisement (v0, v1) or of a response to `ls-refs` (v2) and the
/// objects that they point to, while it is relayed. `HEAD` is left out, which changes with the
/// branch that it points to. It parses bytes and makes no strings, because each clone of a
/// repository with 100,000 refs may pass through it.
public final class TipCollector implements ResponseObserver {

  private static final byte[] ERROR = WireText.bytes("ERR ");
  private static final byte[] REFS = WireText.bytes("refs/");
  private static final byte[] PEELED = WireText.bytes("^{}");
  private static final int DIGITS_OF_HASH = 16;

  private final int limit;
  private final RefTips.Builder refs = new RefTips.Builder();
  private final BoundedText line = new BoundedText(WireLimits.PKT_BYTES);
  private final PktScanner scanner = new PktScanner(new LineHandler());
  private int idDigits;
  private boolean invalid;
  private boolean flushWasLast;

  /// @param limit the number of refs to keep; for a longer list, [#tips] is empty
  public TipCollector(int limit) {
    this.limit = limit;
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    scanner.scan(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public void onEnd() {
    invalid |= !scanner.atPktBoundary();
  }

  /// Whether the list has refs and ends with the bytes so far: a flush was last.
  public boolean complete() {
    return flushWasLast && !invalid && refs.count() > 0;
  }

  /// The refs of a list that ended with its flush; empty for a list that was cut short, for one
  /// that is too long, and for an error.
  public Optional<RefTips> tips() {
    return invalid || !flushWasLast ? Optional.empty() : Optional.of(refs.build());
  }

  // An id, a space, the name, and then a space or, in the first line of v0, a zero byte.
  private void parseLine(byte[] text, int size) {
    invalid |= line.startsWith(ERROR);
    int digits = HexDigits.countLowerCase(text, 0, size);
    if ((digits != 40 && digits != 64) || digits == size || text[digits] != ' ') {
      return;
    }
    invalid |= idDigits != 0 && idDigits != digits;
    idDigits = digits;
    int from = digits + 1;
    int to = from;
    while (to < size && text[to] != ' ' && text[to] != 0 && text[to] != '\n') to++;
    if (startsWith(text, from, to, REFS) && !endsWith(text, from, to, PEELED)) {
      invalid |= refs.count() == limit;
      if (!invalid) refs.add(RefTips.refHash(text, from, to), firstDigits(text));
    }
  }

  private static long firstDigits(byte[] text) {
    long value = 0;
    for (int i = 0; i < DIGITS_OF_HASH; i++) value = value << 4 | Character.digit(text[i], 16);
    return value;
  }

  private static boolean startsWith(byte[] text, int from, int to, byte[] start) {
    return to - from >= start.length
        && Arrays.equals(text, from, from + start.length, start, 0, start.length);
  }

  private static boolean endsWith(byte[] text, int from, int to, byte[] end) {
    return to - from >= end.length && Arrays.equals(text, to - end.length, to, end, 0, end.length);
  }

  private final class LineHandler implements PktScanner.Handler {
    @Override
    public void onSpecialPkt(int length) {
      flushWasLast = length == 0;
    }

    @Override
    public void onPktStart(int size) {
      flushWasLast = false;
      line.clear();
    }

    @Override
    public void onPktBytes(ByteBuffer bytes, int from, int to) {
      line.append(bytes, from, to);
    }

    @Override
    public void onPktEnd() {
      if (!invalid) {
        parseLine(line.array(), line.size());
      }
    }

    @Override
    public void onMalformedLength(byte[] header) {
      invalid = true;
    }
  }
}
