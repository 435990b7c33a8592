package packhorse.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Writes pkts. For one thread; flushing the stream is the caller's.
public final class PktWriter {

  private final OutputStream out;

  public PktWriter(OutputStream out) {
    this.out = out;
  }

  /// A text in wire form (see [WireText]) as one pkt, with the LF that git's texts have; where a
  /// pkt has no room for that one byte more, without it.
  ///
  /// @throws IllegalArgumentException when the text is longer than a pkt may be
  public PktWriter line(String wireText) throws IOException {
    boolean full = wireText.length() == Limits.PKT - 4;
    return bytes(WireText.bytes(full ? wireText : wireText + "\n"));
  }

  /// The bytes as one pkt, nothing added.
  ///
  /// @throws IllegalArgumentException when they are longer than a pkt may be
  public PktWriter bytes(byte[] bytes) throws IOException {
    if (bytes.length > Limits.PKT - 4) {
      throw new IllegalArgumentException("too long for a pkt: " + bytes.length + " bytes");
    }
    length(bytes.length + 4);
    out.write(bytes);
    return this;
  }

  /// Writes a pkt as it was read.
  public PktWriter pkt(Pkt pkt) throws IOException {
    return switch (pkt) {
      case Pkt.Line line -> bytes(line.bytes().toArray());
      case Pkt.Flush _ -> flush();
      case Pkt.Delim _ -> delim();
      case Pkt.ResponseEnd _ -> responseEnd();
    };
  }

  public PktWriter flush() throws IOException {
    length(0);
    return this;
  }

  public PktWriter delim() throws IOException {
    length(1);
    return this;
  }

  public PktWriter responseEnd() throws IOException {
    length(2);
    return this;
  }

  /// Bytes in side-band frames, as many as the frames of this client need; nothing for no bytes.
  ///
  /// @param band 1 pack, 2 progress, 3 error
  /// @param framing [SideBand#SMALL] or [SideBand#LARGE]
  public PktWriter band(SideBand framing, int band, byte[] bytes) throws IOException {
    if (band < 1 || band > 3) {
      throw new IllegalArgumentException("no such band: " + band);
    }
    int most = framing.payload();
    for (int from = 0; from < bytes.length; from += most) {
      int size = Math.min(most, bytes.length - from);
      length(size + 5);
      out.write(band);
      out.write(bytes, from, size);
    }
    return this;
  }

  /// What is written to a writer, as bytes.
  static Bytes toBytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new PktWriter(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return Bytes.own(bytes.toByteArray());
  }

  /// Pkts to be written.
  interface Writing {
    void to(PktWriter out) throws IOException;
  }

  private void length(int length) throws IOException {
    byte[] digits = new byte[4];
    PktLength.write(length, digits, 0);
    out.write(digits);
  }
}
