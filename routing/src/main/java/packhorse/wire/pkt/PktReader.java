package packhorse.wire.pkt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import packhorse.wire.ByteString;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;

/// Reads pkts from a stream, and never a byte beyond the last pkt that was requested. For one
/// thread.
///
/// The size of one message (a request, an advertisement) is limited; [#startMessage] and
/// [#startRecording] begin the next message on the same stream. No array is allocated for a length
/// above [WireLimits#PKT_BYTES].
public final class PktReader {

  private final InputStream in;
  private final long maxMessageBytes;
  private final byte[] header = new byte[4];
  private long remainingBytes;
  private @Nullable ByteArrayOutputStream recording;

  /// @param maxMessageBytes the largest size of one message, including the length digits of its
  ///   pkts
  public PktReader(InputStream in, long maxMessageBytes) {
    this.in = in;
    this.maxMessageBytes = maxMessageBytes;
    this.remainingBytes = maxMessageBytes;
  }

  /// The pkt at the position of a buffer, which does not change; empty when the buffer does not
  /// contain the whole pkt.
  ///
  /// @throws WireException for a malformed length
  public static Optional<Pkt> peekFirst(ByteBuffer bytes) throws WireException {
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
      return Optional.of(specialPkt(length));
    }
    byte[] body = new byte[length - 4];
    bytes.get(bytes.position() + 4, body);
    return Optional.of(new Pkt.Line(ByteString.wrap(body)));
  }

  /// Begins a new message, for which the whole size limit is available.
  public void startMessage() {
    remainingBytes = maxMessageBytes;
    recording = null;
  }

  /// Begins a new message and records all its bytes for [#recordedBytes].
  public void startRecording() {
    remainingBytes = maxMessageBytes;
    recording = new ByteArrayOutputStream();
  }

  /// The bytes that were read since [#startRecording], unchanged.
  ///
  /// @throws IllegalStateException when no message is being recorded
  public ByteString recordedBytes() {
    if (recording == null) {
      throw new IllegalStateException("not recording");
    }
    return ByteString.wrap(recording.toByteArray());
  }

  /// Reads the next pkt; empty when the input ends between two pkts.
  ///
  /// @throws WireException for a malformed length, for an input that ends inside a pkt, and for a
  ///   message that is too large
  public Optional<Pkt> next() throws IOException {
    return readHeader() ? Optional.of(readBody()) : Optional.empty();
  }

  /// Reads the next pkt where the message cannot end without one.
  ///
  /// @throws WireException as [#next] does, and when the input has ended
  public Pkt read() throws IOException {
    return next()
        .orElseThrow(() -> new WireException.UnexpectedEnd("input ended where a pkt was expected"));
  }

  /// Reads four bytes: the length of the next pkt, or anything else. Returns false at the end of
  /// the input.
  public boolean readHeader() throws IOException {
    int read = in.readNBytes(header, 0, 4);
    if (read == 0) {
      return false;
    }
    count(header, read);
    if (read < 4) {
      throw new WireException.UnexpectedEnd("input ended inside a pkt length");
    }
    return true;
  }

  /// Whether the four bytes that [#readHeader] read begin a pack that is sent without framing.
  public boolean headerIsPackSignature() {
    return header[0] == 'P' && header[1] == 'A' && header[2] == 'C' && header[3] == 'K';
  }

  /// Reads the rest of the pkt whose length [#readHeader] read.
  public Pkt readBody() throws IOException {
    int length = PktLength.parse(header);
    return length < 4 ? specialPkt(length) : new Pkt.Line(readLine(length - 4));
  }

  private static Pkt specialPkt(int length) {
    return switch (length) {
      case 0 -> Pkt.FLUSH;
      case 1 -> Pkt.DELIM;
      default -> Pkt.RESPONSE_END;
    };
  }

  private ByteString readLine(int size) throws IOException {
    if (size > remainingBytes) {
      throw tooLarge();
    }
    byte[] body = new byte[size];
    int read = in.readNBytes(body, 0, size);
    count(body, read);
    if (read < size) {
      throw new WireException.UnexpectedEnd(
          "input ended after " + read + " of " + size + " bytes of a pkt");
    }
    return ByteString.wrap(body);
  }

  private void count(byte[] bytes, int size) throws WireException {
    remainingBytes -= size;
    if (remainingBytes < 0) {
      throw tooLarge();
    }
    if (recording != null) {
      recording.write(bytes, 0, size);
    }
  }

  private WireException tooLarge() {
    return new WireException.TooLarge("more than " + maxMessageBytes + " bytes");
  }
}
