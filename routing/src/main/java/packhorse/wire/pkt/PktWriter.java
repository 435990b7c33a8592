package packhorse.wire.pkt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import packhorse.wire.ByteString;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;

/// Writes pkts to a stream. It never flushes the stream; the caller does. Not thread-safe.
public final class PktWriter {

  private final OutputStream out;

  public PktWriter(OutputStream out) {
    this.out = out;
  }

  /// Writes a text in wire form (see [WireText]) as one pkt, with the LF that ends git's lines. A
  /// text that fills the pkt is written without the LF.
  ///
  /// @throws IllegalArgumentException when the text is too long for a pkt
  public PktWriter writeLine(String wireText) throws IOException {
    boolean full = wireText.length() == WireLimits.PKT_BYTES - 4;
    return writeText(full ? wireText : wireText + "\n");
  }

  /// Writes a text in wire form as one pkt, without a LF: git ends neither errors nor the lines of
  /// a shallow update with one, and some clients accept none there.
  ///
  /// @throws IllegalArgumentException when the text is too long for a pkt
  public PktWriter writeText(String wireText) throws IOException {
    return writeBytes(WireText.bytes(wireText));
  }

  /// Writes bytes as one pkt, unchanged.
  ///
  /// @throws IllegalArgumentException when there are too many for a pkt
  public PktWriter writeBytes(byte[] bytes) throws IOException {
    if (bytes.length > WireLimits.PKT_BYTES - 4) {
      throw new IllegalArgumentException("too long for a pkt: " + bytes.length + " bytes");
    }
    writeLength(bytes.length + 4);
    out.write(bytes);
    return this;
  }

  /// Writes a pkt as it was read.
  public PktWriter writePkt(Pkt pkt) throws IOException {
    return switch (pkt) {
      case Pkt.Line line -> writeBytes(line.bytes().toArray());
      case Pkt.Flush _ -> writeFlush();
      case Pkt.Delim _ -> writeDelim();
      case Pkt.ResponseEnd _ -> writeResponseEnd();
    };
  }

  public PktWriter writeFlush() throws IOException {
    writeLength(0);
    return this;
  }

  public PktWriter writeDelim() throws IOException {
    writeLength(1);
    return this;
  }

  public PktWriter writeResponseEnd() throws IOException {
    writeLength(2);
    return this;
  }

  /// Writes bytes on a side-band, in as many pkts as needed; without bytes, nothing is written.
  ///
  /// @param sideBand [SideBand#SIDE_BAND] or [SideBand#SIDE_BAND_64K]
  /// @param band 1 for the pack, 2 for progress, 3 for an error
  public PktWriter writeBand(SideBand sideBand, int band, byte[] bytes) throws IOException {
    if (band < 1 || band > 3) {
      throw new IllegalArgumentException("no such band: " + band);
    }
    int limit = sideBand.maxPayload();
    for (int from = 0; from < bytes.length; from += limit) {
      int size = Math.min(limit, bytes.length - from);
      writeLength(size + 5);
      out.write(band);
      out.write(bytes, from, size);
    }
    return this;
  }

  /// The bytes that a source of pkts writes.
  public static ByteString toByteString(PktSource source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      source.writeTo(new PktWriter(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return ByteString.wrap(bytes.toByteArray());
  }

  /// Writes the pkts of a message.
  @FunctionalInterface
  public interface PktSource {
    void writeTo(PktWriter out) throws IOException;
  }

  private void writeLength(int length) throws IOException {
    byte[] digits = new byte[4];
    PktLength.encode(length, digits, 0);
    out.write(digits);
  }
}
