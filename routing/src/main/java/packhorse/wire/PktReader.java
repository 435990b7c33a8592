package packhorse.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads pkts, and never a byte beyond the last one read. For one thread.
///
/// The bytes of one unit (a request, an advertisement) are bounded by a cap; [#begin] and [#record]
/// start the next unit on the same stream. No array is made from a length above [Limits#PKT].
public final class PktReader {

  private final InputStream in;
  private final long maxBytes;
  private final byte[] header = new byte[4];
  private long left;
  private @Nullable ByteArrayOutputStream recording;

  /// @param maxBytes how many bytes one unit may have, the four digits of each pkt included
  public PktReader(InputStream in, long maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
    this.left = maxBytes;
  }

  /// The pkt at the beginning of bytes, which are not moved on; empty where they do not hold it
  /// whole.
  ///
  /// @throws WireException for a malformed length
  public static Optional<Pkt> first(ByteBuffer bytes) throws WireException {
    if (bytes.remaining() < 4) {
      return Optional.empty();
    }
    byte[] header = new byte[4];
    bytes.get(bytes.position(), header);
    int length = PktLength.parse(header);
    if (length > bytes.remaining()) {
      return Optional.empty();
    }
    if (length < 4) {
      return Optional.of(special(length));
    }
    byte[] body = new byte[length - 4];
    bytes.get(bytes.position() + 4, body);
    return Optional.of(new Pkt.Line(Bytes.own(body)));
  }

  /// Starts a new unit: its bytes count from here.
  public void begin() {
    left = maxBytes;
    recording = null;
  }

  /// Starts a new unit of which every byte is kept for [#recorded].
  public void record() {
    left = maxBytes;
    recording = new ByteArrayOutputStream();
  }

  /// The bytes read since [#record], as they came.
  ///
  /// @throws IllegalStateException when nothing is being recorded
  public Bytes recorded() {
    if (recording == null) {
      throw new IllegalStateException("not recording");
    }
    return Bytes.own(recording.toByteArray());
  }

  /// The next pkt, or empty where the input ends between two pkts.
  ///
  /// @throws WireException for a malformed length, an input that ends inside a pkt, or too many
  ///   bytes
  public Optional<Pkt> next() throws IOException {
    return nextHeader() ? Optional.of(body()) : Optional.empty();
  }

  /// The next pkt, where one is due.
  ///
  /// @throws WireException like [#next], and when the input has ended
  public Pkt read() throws IOException {
    return next().orElseThrow(() -> new WireException.CutShort("input ended where a pkt was due"));
  }

  /// Reads four bytes: the next pkt's length, or whatever stands there.
  boolean nextHeader() throws IOException {
    int read = in.readNBytes(header, 0, 4);
    if (read == 0) {
      return false;
    }
    count(header, read);
    if (read < 4) {
      throw new WireException.CutShort("input ended inside a pkt length");
    }
    return true;
  }

  /// Whether the four bytes of [#nextHeader] begin a pack that nothing frames.
  boolean headerIsPack() {
    return header[0] == 'P' && header[1] == 'A' && header[2] == 'C' && header[3] == 'K';
  }

  /// Reads what belongs to the header that was read last.
  Pkt body() throws IOException {
    int length = PktLength.parse(header);
    return length < 4 ? special(length) : new Pkt.Line(line(length - 4));
  }

  private static Pkt special(int length) {
    return switch (length) {
      case 0 -> Pkt.FLUSH;
      case 1 -> Pkt.DELIM;
      default -> Pkt.RESPONSE_END;
    };
  }

  private Bytes line(int size) throws IOException {
    if (size > left) {
      throw tooLarge();
    }
    byte[] body = new byte[size];
    int read = in.readNBytes(body, 0, size);
    count(body, read);
    if (read < size) {
      throw new WireException.CutShort(
          "input ended after " + read + " of " + size + " bytes of a pkt");
    }
    return Bytes.own(body);
  }

  private void count(byte[] bytes, int size) throws WireException {
    left -= size;
    if (left < 0) {
      throw tooLarge();
    }
    if (recording != null) {
      recording.write(bytes, 0, size);
    }
  }

  private WireException tooLarge() {
    return new WireException.TooLarge("more than " + maxBytes + " bytes");
  }
}
