package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Collects the object ids of an advertisement (v0, v1) or of an answer to `ls-refs` (v2) as it
/// passes, peeled ones too.
public final class TipsWatch implements Watch {

  private static final String PEELED = " peeled:";

  private final int most;
  private final List<byte[]> rows = new ArrayList<>();
  private final ShortText line = new ShortText(Limits.PKT);
  private final PktWalker walker = new PktWalker(new Lines());
  private @Nullable ObjectFormat format;
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
    if (unreadable || !flushed) {
      return Optional.empty();
    }
    return Optional.of(format == null ? Tips.NONE : Tips.ofRows(rows, format));
  }

  private void line(String text) {
    int space = text.indexOf(' ');
    if (text.startsWith("ERR ")) {
      unreadable = true;
    } else if (space > 0 && ObjectId.isId(text.substring(0, space))) {
      add(text.substring(0, space));
      int nul = text.indexOf('\0');
      int peeled = text.indexOf(PEELED, space);
      if (peeled > 0 && nul < 0) {
        peeled(text, peeled + PEELED.length());
      }
    }
  }

  private void peeled(String text, int from) {
    int end = text.indexOf(' ', from);
    String hex = text.substring(from, end < 0 ? text.length() : end);
    if (ObjectId.isId(hex)) {
      add(hex);
    }
  }

  private void add(String hex) {
    ObjectId id = new ObjectId(hex);
    if (id.isZero()) {
      return;
    }
    if (rows.size() == most || (format != null && format != id.format())) {
      unreadable = true;
      rows.clear();
    }
    if (!unreadable) {
      format = id.format();
      rows.add(HexFormat.of().parseHex(hex));
    }
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
      line(line.line());
    }

    @Override
    public void broken(byte[] header) {
      unreadable = true;
    }
  }
}
