package packhorse.wire.pkt;

import java.nio.ByteBuffer;

/// Scans pkts in a stream of buffers that may be split at any byte, without copying their bodies:
/// it decodes the lengths and passes the rest to a [Handler] as ranges of the buffers. For one
/// thread.
public final class PktScanner {

  /// Receives the pkts that are scanned.
  public interface Handler {

    /// A special pkt.
    ///
    /// @param length 0 for a flush, 1 for a delimiter, 2 for a response end
    void onSpecialPkt(int length);

    /// The beginning of a pkt with a body.
    ///
    /// @param size the size of the body in bytes; may be zero
    void onPktStart(int size);

    /// The next bytes of the body.
    void onPktBytes(ByteBuffer bytes, int from, int to);

    /// The end of the body.
    void onPktEnd();

    /// Four bytes that are not a valid pkt length. All later bytes are passed to
    /// [#onUnframedBytes].
    void onMalformedLength(byte[] header);

    /// Bytes after [#onMalformedLength].
    default void onUnframedBytes(ByteBuffer bytes, int from, int to) {}
  }

  private final Handler handler;
  private final byte[] header = new byte[4];
  private int headerSize;
  private int remainingBytes;
  private boolean malformed;

  public PktScanner(Handler handler) {
    this.handler = handler;
  }

  /// Whether the last byte scanned was the last byte of a pkt.
  public boolean atPktBoundary() {
    return headerSize == 0 && remainingBytes == 0 && !malformed;
  }

  /// Whether the bytes so far end in the midst of four bytes that are no pkt length, whatever
  /// follows.
  public boolean atMalformedLength() {
    for (int i = 0; i < headerSize; i++) {
      if (Character.digit(header[i], 16) < 0) return true;
    }
    return false;
  }

  /// Scans a range of a buffer, whose position does not change.
  public void scan(ByteBuffer bytes, int from, int to) {
    int index = from;
    while (index < to) {
      if (malformed) {
        handler.onUnframedBytes(bytes, index, to);
        return;
      }
      index = remainingBytes > 0 ? scanBody(bytes, index, to) : scanDigit(bytes, index);
    }
  }

  private int scanBody(ByteBuffer bytes, int from, int to) {
    int end = from + Math.min(remainingBytes, to - from);
    handler.onPktBytes(bytes, from, end);
    remainingBytes -= end - from;
    if (remainingBytes == 0) {
      handler.onPktEnd();
    }
    return end;
  }

  private int scanDigit(ByteBuffer bytes, int index) {
    header[headerSize++] = bytes.get(index);
    if (headerSize == 4) {
      headerSize = 0;
      startPkt(PktLength.decode(header[0], header[1], header[2], header[3]));
    }
    return index + 1;
  }

  private void startPkt(int length) {
    if (!PktLength.isValid(length)) {
      malformed = true;
      handler.onMalformedLength(header.clone());
    } else if (length < 4) {
      handler.onSpecialPkt(length);
    } else {
      remainingBytes = length - 4;
      handler.onPktStart(remainingBytes);
      if (remainingBytes == 0) {
        handler.onPktEnd();
      }
    }
  }
}
