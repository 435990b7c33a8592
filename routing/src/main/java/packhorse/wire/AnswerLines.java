package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the two dialects of an answer to a fetch have in common: lines are collected up to a limit
/// and given to the dialect, frames are counted by band.
abstract class AnswerLines implements PktWalker.Frames {

  private static final int NO_BAND_YET = -1;
  private static final int A_LINE = 0;

  final Set<ObjectId> acknowledged = new LinkedHashSet<>();
  boolean ready;
  boolean shallowSection;
  boolean packBegun;
  boolean complete;
  long packBytes;

  private final int mostAcks;
  private final ShortText line = new ShortText(Limits.ERROR_TEXT + 5);
  private int band;
  private @Nullable String error;

  /// @param haves how many the client named: no more acknowledgments are kept
  AnswerLines(int haves) {
    this.mostAcks = haves + 1;
  }

  /// Whether a pkt that begins with this byte belongs to a band here.
  abstract boolean framed(int first);

  /// A complete line, or the beginning of a long one.
  abstract void line(String text);

  /// Bytes of band 1.
  abstract void band1(ByteBuffer bytes, int from, int to);

  /// Band 1 of this pkt is complete.
  abstract void band1Ends();

  abstract void ended(boolean betweenPkts);

  @Override
  public void begins(int size) {
    complete = false;
    band = NO_BAND_YET;
    line.clear();
  }

  @Override
  public void body(ByteBuffer bytes, int from, int to) {
    int start = from;
    if (band == NO_BAND_YET) {
      int first = bytes.get(from);
      band = first >= 1 && first <= 3 && framed(first) ? first : A_LINE;
      start = band == A_LINE ? from : from + 1;
    }
    switch (band) {
      case A_LINE, 3 -> line.add(bytes, start, to);
      case 1 -> band1(bytes, start, to);
      default -> {}
    }
  }

  @Override
  public void ends() {
    switch (band) {
      case 1 -> band1Ends();
      case 3 -> failed(line.line());
      case A_LINE -> aLine(line.line());
      default -> {}
    }
  }

  private void aLine(String text) {
    if (text.startsWith("ERR ")) {
      failed(text.substring(4));
    } else {
      line(text);
    }
  }

  final void collect(ByteBuffer bytes, int from, int to) {
    line.add(bytes, from, to);
  }

  final String collected() {
    return line.line();
  }

  final void acknowledge(String text) {
    int end = text.indexOf(' ', 4);
    String hex = text.substring(4, end < 0 ? text.length() : end);
    if (text.endsWith(" ready")) {
      ready = true;
    } else if (ObjectId.isId(hex) && acknowledged.size() < mostAcks) {
      acknowledged.add(new ObjectId(hex));
    }
  }

  final void failed(String said) {
    if (error == null) {
      error = said.length() > Limits.ERROR_TEXT ? said.substring(0, Limits.ERROR_TEXT) : said;
    }
  }

  final boolean sawError() {
    return error != null;
  }

  final Optional<String> error() {
    return Optional.ofNullable(error);
  }
}
