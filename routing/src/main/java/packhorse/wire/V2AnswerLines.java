package packhorse.wire;

import java.nio.ByteBuffer;

/// An answer to a v2 `fetch`: sections in any order, each begun by its name and ended by a
/// delimiter, the last by a flush.
final class V2AnswerLines extends AnswerLines {

  private final boolean sidebandAll;
  private String section = "";

  V2AnswerLines(Fetch fetch, boolean sidebandAll) {
    super(fetch.haves().size());
    this.sidebandAll = sidebandAll;
    this.complete = fetch.answeredWithNothing();
  }

  @Override
  boolean framed(int first) {
    return sidebandAll || packBegun;
  }

  @Override
  public void special(int which) {
    section = "";
    complete = which == 0;
  }

  @Override
  void line(String text) {
    if (section.isEmpty()) {
      section = text;
      packBegun |= text.equals("packfile");
      shallowSection |= text.equals("shallow-info");
    } else if (section.equals("acknowledgments")) {
      if (text.startsWith("ACK ")) {
        acknowledge(text);
      }
      ready |= text.equals("ready");
    }
  }

  @Override
  void band1(ByteBuffer bytes, int from, int to) {
    if (packBegun) {
      packBytes += to - from;
    } else {
      collect(bytes, from, to);
    }
  }

  @Override
  void band1Ends() {
    if (!packBegun) {
      line(collected());
    }
  }

  @Override
  void ended(boolean betweenPkts) {
    complete &= betweenPkts && !sawError();
  }

  @Override
  public void broken(byte[] header) {
    failed("malformed answer");
  }
}
