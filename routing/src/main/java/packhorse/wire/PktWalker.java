package packhorse.wire;

import java.nio.ByteBuffer;

/// Walks over pkts in bytes that pass, split anywhere, without copying them: four digits are read,
/// the rest is shown where it lies.
final class PktWalker {

  /// Who looks at the pkts.
  interface Frames {

    /// A flush (0), delimiter (1) or response end (2).
    void special(int which);

    /// A pkt with a body of so many bytes begins; zero is possible.
    void begins(int size);

    /// Some bytes of the body.
    void body(ByteBuffer bytes, int from, int to);

    /// The body is complete.
    void ends();

    /// These four bytes are no pkt: whatever follows is not walked over but shown to [#unframed].
    void broken(byte[] header);

    /// Bytes behind [#broken].
    default void unframed(ByteBuffer bytes, int from, int to) {}
  }

  private final Frames frames;
  private final byte[] header = new byte[4];
  private int digits;
  private int left;
  private boolean broken;

  PktWalker(Frames frames) {
    this.frames = frames;
  }

  /// Whether the last byte seen was the last of a pkt.
  boolean betweenPkts() {
    return digits == 0 && left == 0 && !broken;
  }

  void walk(ByteBuffer bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (broken) {
        frames.unframed(bytes, at, to);
        return;
      }
      at = left > 0 ? body(bytes, at, to) : digit(bytes, at);
    }
  }

  private int body(ByteBuffer bytes, int from, int to) {
    int stop = from + Math.min(left, to - from);
    frames.body(bytes, from, stop);
    left -= stop - from;
    if (left == 0) {
      frames.ends();
    }
    return stop;
  }

  private int digit(ByteBuffer bytes, int at) {
    header[digits++] = bytes.get(at);
    if (digits == 4) {
      digits = 0;
      length(PktLength.value(header[0], header[1], header[2], header[3]));
    }
    return at + 1;
  }

  private void length(int length) {
    if (!PktLength.valid(length)) {
      broken = true;
      frames.broken(header.clone());
    } else if (length < 4) {
      frames.special(length);
    } else {
      left = length - 4;
      frames.begins(left);
      if (left == 0) {
        frames.ends();
      }
    }
  }
}
