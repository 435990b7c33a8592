package packhorse.wire;

import java.nio.ByteBuffer;

/// Follows the answer to a v2 command as it passes and knows whether it ended as all of them do,
/// with a flush: a node that dies in its answer says so in no other way over HTTP, and a client
/// over SSH would wait for the rest.
public final class AnswerEnd implements Watch {

  private final Watch other;
  private final PktWalker walker = new PktWalker(new Pkts());
  private boolean flushed;

  /// @param other who looks at the bytes too
  public AnswerEnd(Watch other) {
    this.other = other;
  }

  @Override
  public void passed(ByteBuffer bytes) {
    walker.walk(bytes, bytes.position(), bytes.limit());
    other.passed(bytes);
  }

  @Override
  public void ended() {
    other.ended();
  }

  /// Whether a flush was the last that passed.
  public boolean complete() {
    return flushed && walker.betweenPkts();
  }

  private final class Pkts implements PktWalker.Frames {
    @Override
    public void special(int which) {
      flushed = which == 0;
    }

    @Override
    public void begins(int size) {
      flushed = false;
    }

    @Override
    public void body(ByteBuffer bytes, int from, int to) {}

    @Override
    public void ends() {}

    @Override
    public void broken(byte[] header) {
      flushed = false;
    }
  }
}
