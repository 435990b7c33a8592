package packhorse.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBody;

/// Takes gzip (RFC 1952) off a body while it is read: any number of members, each with a checksum
/// that fits, and nothing behind them. What grows absurdly is refused; how much may come out at
/// all, the reader decides. Used on one thread; closed when the request ends.
final class GzipBody extends InputStream {
  private static final int PIECE = 16 * 1024;
  private static final long WATCHED_AFTER = 1024 * 1024;
  private static final long MOST_GROWTH = 100;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int CHECKED = 2;
  private static final int UNKNOWN = 0xe0;

  private final InputStream packed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] input = new byte[PIECE];
  private int from;
  private int to;
  private long taken;
  private long given;
  private boolean inMember;
  private boolean ended;

  GzipBody(InputStream packed) {
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int count) throws IOException {
    if (count == 0) return 0;
    while (!ended) {
      if (!inMember && !beginMember()) {
        ended = true;
        break;
      }
      int n = inflated(into, at, count);
      if (n > 0) return n;
    }
    return -1;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private int inflated(byte[] into, int at, int count) throws IOException {
    try {
      if (inflater.needsInput()) feed();
      int n = inflater.inflate(into, at, count);
      checksum.update(into, at, n);
      given += n;
      if (given > WATCHED_AFTER && given / MOST_GROWTH > taken) {
        throw new UnreadableBody(Refusal.tooLarge("the inflated body", "its packed size"));
      }
      if (inflater.finished()) endMember();
      return n;
    } catch (DataFormatException e) {
      throw broken();
    }
  }

  private void feed() throws IOException {
    if (from == to && !fill()) throw broken();
    inflater.setInput(input, from, to - from);
    from = to;
  }

  private void endMember() throws IOException {
    from = to - inflater.getRemaining();
    long expected = little(4);
    long length = little(4);
    if (expected != checksum.getValue() || length != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw broken();
    }
    inMember = false;
  }

  private boolean beginMember() throws IOException {
    if (from == to && !fill()) {
      if (given == 0 && taken == 0) throw broken();
      return false;
    }
    if (octet() != 0x1f || octet() != 0x8b || octet() != 8) throw broken();
    int flags = octet();
    if ((flags & UNKNOWN) != 0) throw broken();
    skip(6);
    if ((flags & EXTRA) != 0) skip((int) little(2));
    if ((flags & NAME) != 0) skipText();
    if ((flags & COMMENT) != 0) skipText();
    if ((flags & CHECKED) != 0) skip(2);
    inflater.reset();
    checksum.reset();
    inMember = true;
    return true;
  }

  private long little(int octets) throws IOException {
    long value = 0;
    for (int i = 0; i < octets; i++) value |= (long) octet() << (8 * i);
    return value;
  }

  private void skipText() throws IOException {
    for (int i = 0; octet() != 0; i++) {
      if (i > PIECE) throw broken();
    }
  }

  private void skip(int octets) throws IOException {
    for (int i = 0; i < octets; i++) octet();
  }

  private int octet() throws IOException {
    if (from == to && !fill()) throw broken();
    return input[from++] & 0xff;
  }

  private boolean fill() throws IOException {
    int n = packed.read(input, 0, input.length);
    from = 0;
    to = Math.max(n, 0);
    taken += to;
    return n > 0;
  }

  private static UnreadableBody broken() {
    return new UnreadableBody(Refusal.malformed("the body of the request is not whole gzip"));
  }
}
