package packhorse.wire.refs;

import java.nio.ByteBuffer;
import java.util.Optional;
import packhorse.wire.BoundedText;
import packhorse.wire.HexDigits;
import packhorse.wire.ObjectIdList;
import packhorse.wire.ObjectIdSet;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.PktScanner;

/// Collects the object ids of an advertisement (v0, v1) or of a response to `ls-refs` (v2), peeled
/// ids included, while it is relayed. It parses bytes and makes no strings, because each clone of a
/// repository with 100,000 refs may pass through it.
public final class TipCollector implements ResponseObserver {

  private static final byte[] PEELED = WireText.bytes(" peeled:");
  private static final byte[] ERROR = WireText.bytes("ERR ");

  private final int limit;
  private final ObjectIdList.Builder ids = new ObjectIdList.Builder();
  private final BoundedText line = new BoundedText(WireLimits.PKT_BYTES);
  private final PktScanner scanner = new PktScanner(new LineHandler());
  private boolean invalid;
  private boolean flushWasLast;

  /// @param limit the number of ids to keep; for a longer list, [#tips] is empty
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

  /// The ids of a list that ended with its flush; empty for a list that was cut short, for one that
  /// is too long, and for an error.
  public Optional<ObjectIdSet> tips() {
    return invalid || !flushWasLast ? Optional.empty() : Optional.of(ObjectIdSet.of(ids.build()));
  }

  private void parseLine(byte[] text, int size) {
    invalid |= line.startsWith(ERROR);
    int digits = HexDigits.countLowerCase(text, 0, size);
    if (digits == 0 || digits == size || text[digits] != ' ') {
      return;
    }
    addId(text, 0, digits);
    int peeled = line.indexOf(PEELED, digits);
    if (peeled > 0) {
      int from = peeled + PEELED.length;
      addId(text, from, HexDigits.countLowerCase(text, from, size));
    }
  }

  /// Adds an id unless it is all zeros, which stands for no object: an empty repository has one
  /// such line.
  private void addId(byte[] text, int from, int digits) {
    if ((digits != 40 && digits != 64) || isZero(text, from, digits)) {
      return;
    }
    invalid |= ids.count() == limit || !ids.addHex(text, from, digits);
  }

  private static boolean isZero(byte[] text, int from, int digits) {
    for (int i = from; i < from + digits; i++) {
      if (text[i] != '0') {
        return false;
      }
    }
    return true;
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
