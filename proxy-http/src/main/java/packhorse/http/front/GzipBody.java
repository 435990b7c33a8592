package packhorse.http.front;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBodyException;

/// Decodes a gzip body (RFC 1952) while it is read: any number of members, each with a correct
/// checksum and length, and nothing after them. A body that grows absurdly is refused. The reader
/// limits the decoded size. Used on one thread; closed when the request ends.
final class GzipBody extends InputStream {
  private static final int BUFFER_SIZE = 16 * 1024;

  /// The compression ratio is limited once this many bytes have been decoded.
  private static final long RATIO_CHECKED_FROM = 1024 * 1024;

  private static final long MAX_RATIO = 100;

  // flags of a member's header, RFC 1952 §2.3.1
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int RESERVED_FLAGS = 0xe0;

  private final InputStream compressed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int position;
  private int limit;
  private long bytesRead;
  private long bytesDecoded;
  private boolean inMember;
  private boolean endReached;

  GzipBody(InputStream compressed) {
    this.compressed = compressed;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) return 0;
    while (!endReached) {
      if (!inMember && !beginMember()) {
        endReached = true;
        break;
      }
      int n = inflate(target, offset, length);
      if (n > 0) return n;
    }
    return -1;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      if (inflater.needsInput()) feedInflater();
      int n = inflater.inflate(target, offset, length);
      checksum.update(target, offset, n);
      bytesDecoded += n;
      if (bytesDecoded > RATIO_CHECKED_FROM && bytesDecoded / MAX_RATIO > bytesRead) {
        throw new UnreadableBodyException(
            Refusal.tooLarge("the decompressed body", "its compressed size"));
      }
      if (inflater.finished()) endMember();
      return n;
    } catch (DataFormatException e) {
      throw invalid();
    }
  }

  private void feedInflater() throws IOException {
    if (position == limit && !fillBuffer()) throw invalid();
    inflater.setInput(buffer, position, limit - position);
    position = limit;
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    long expectedChecksum = readLittleEndian(4);
    long expectedLength = readLittleEndian(4);
    if (expectedChecksum != checksum.getValue()
        || expectedLength != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw invalid();
    }
    inMember = false;
  }

  /// @return false at the end of the body
  private boolean beginMember() throws IOException {
    if (position == limit && !fillBuffer()) {
      if (bytesDecoded == 0 && bytesRead == 0) throw invalid();
      return false;
    }
    if (readByte() != 0x1f || readByte() != 0x8b || readByte() != 8) throw invalid();
    int flags = readByte();
    if ((flags & RESERVED_FLAGS) != 0) throw invalid();
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) skip((int) readLittleEndian(2));
    if ((flags & FLAG_NAME) != 0) skipZeroTerminated();
    if ((flags & FLAG_COMMENT) != 0) skipZeroTerminated();
    if ((flags & FLAG_HEADER_CRC) != 0) skip(2);
    inflater.reset();
    checksum.reset();
    inMember = true;
    return true;
  }

  private long readLittleEndian(int byteCount) throws IOException {
    long value = 0;
    for (int i = 0; i < byteCount; i++) value |= (long) readByte() << (8 * i);
    return value;
  }

  private void skipZeroTerminated() throws IOException {
    for (int i = 0; readByte() != 0; i++) {
      if (i > BUFFER_SIZE) throw invalid();
    }
  }

  private void skip(int byteCount) throws IOException {
    for (int i = 0; i < byteCount; i++) readByte();
  }

  private int readByte() throws IOException {
    if (position == limit && !fillBuffer()) throw invalid();
    return buffer[position++] & 0xff;
  }

  private boolean fillBuffer() throws IOException {
    int n = compressed.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(n, 0);
    bytesRead += limit;
    return n > 0;
  }

  private static UnreadableBodyException invalid() {
    return new UnreadableBodyException(
        Refusal.malformed("the body of the request is not complete, valid gzip"));
  }
}
