package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Collects the object ids of an advertisement (v0, v1) or of an answer to `ls-refs` (v2) as it
/// passes, peeled ones too. Lines are read as bytes: every clone of a repository with a hundred
/// thousand refs may pass here.
public final class TipsWatch implements Watch {

  private static final byte[] PEELED = WireText.bytes(" peeled:");
  private static final byte[] ERROR = WireText.bytes("ERR ");

  private final int most;
  private final IdList.Builder ids = new IdList.Builder();
  private final ShortText line = new ShortText(Limits.PKT);
  private final PktWalker walker = new PktWalker(new Lines());
  private boolean unreadable;
  private boolean flushed;

  /// @param most how many ids are kept; with more, nothing is known
  public TipsWatch(int most) {
    this.most = most;
  }

  @Override
  public void passed(ByteBuffer bytes) {
    walker.walk(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public void ended() {
    unreadable |= !walker.betweenPkts();
  }

  /// The ids, once the list has ended with its flush; empty for a list that was cut short, too
  /// long, or an error.
  public Optional<Tips> tips() {
    return unreadable || !flushed ? Optional.empty() : Optional.of(Tips.of(ids.build()));
  }

  private void line(byte[] text, int size) {
    unreadable |= line.startsWith(ERROR);
    int digits = HexDigits.count(text, 0, size);
    if (digits == 0 || digits == size || text[digits] != ' ') {
      return;
    }
    add(text, 0, digits);
    int peeled = line.find(PEELED, digits);
    if (peeled > 0) {
      int from = peeled + PEELED.length;
      add(text, from, HexDigits.count(text, from, size));
    }
  }

  /// Zeros stand for no object: an empty repository has one such line.
  private void add(byte[] text, int from, int digits) {
    if ((digits != 40 && digits != 64) || zeros(text, from, digits)) {
      return;
    }
    unreadable |= ids.count() == most || !ids.addHex(text, from, digits);
  }

  private static boolean zeros(byte[] text, int from, int digits) {
    for (int i = from; i < from + digits; i++) {
      if (text[i] != '0') {
        return false;
      }
    }
    return true;
  }

  private final class Lines implements PktWalker.Frames {
    @Override
    public void special(int which) {
      flushed = which == 0;
    }

    @Override
    public void begins(int size) {
      flushed = false;
      line.clear();
    }

    @Override
    public void body(ByteBuffer bytes, int from, int to) {
      line.add(bytes, from, to);
    }

    @Override
    public void ends() {
      if (!unreadable) {
        line(line.kept(), line.size());
      }
    }

    @Override
    public void broken(byte[] header) {
      unreadable = true;
    }
  }
}
