package packhorse.wire;

import java.nio.ByteBuffer;

/// An answer to a stateless v0 fetch: the shallow list and its flush where depth was asked for,
/// acknowledgments, and the pack in frames or, for a client without side-band, as it is.
final class V0AnswerLines extends AnswerLines {

  private final boolean unframed;
  private final PackEnd packEnd;
  private boolean inShallowList;
  private boolean answered;

  V0AnswerLines(Fetch fetch, Dialect.V0 dialect) {
    super(fetch.haves().size());
    this.unframed = dialect.sideBand() == SideBand.NONE;
    this.packEnd = new PackEnd(fetch.format());
    this.inShallowList = fetch.deepen().asked();
  }

  @Override
  boolean framed(int first) {
    return !unframed && !inShallowList;
  }

  @Override
  public void special(int which) {
    if (inShallowList) {
      inShallowList = false;
      shallowSection = true;
      answered = true;
    } else {
      complete = which == 0 && packBegun;
    }
  }

  @Override
  void line(String text) {
    if (text.startsWith("ACK ")) {
      acknowledge(text);
      answered = true;
    } else if (text.equals("NAK")) {
      answered = true;
    }
  }

  @Override
  void band1(ByteBuffer bytes, int from, int to) {
    packBegun |= to > from;
    packBytes += to - from;
  }

  @Override
  void band1Ends() {}

  @Override
  public void broken(byte[] header) {
    if (unframed && !inShallowList && WireText.text(header).equals("PACK")) {
      packBegun = true;
      packBytes = header.length;
      packEnd.update(header, 0, header.length);
    } else {
      failed("malformed answer");
    }
  }

  @Override
  public void unframed(ByteBuffer bytes, int from, int to) {
    if (packBegun && unframed) {
      byte[] copy = new byte[to - from];
      bytes.get(from, copy);
      packBytes += copy.length;
      packEnd.update(copy, 0, copy.length);
    }
  }

  @Override
  void ended(boolean betweenPkts) {
    if (packBegun) {
      complete = unframed ? packEnd.complete() : complete && betweenPkts;
    } else {
      complete = answered && betweenPkts;
    }
    complete &= !sawError();
  }
}
