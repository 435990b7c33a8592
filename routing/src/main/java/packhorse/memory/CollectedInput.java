package packhorse.memory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.UnreadableBodyException;

/// The input of a client where it is collected in memory before a node is asked: the body of a
/// fetch, the commands of a push. Each byte is charged to the share of the request with what is
/// made of it on the heap. A client that sends a message too slowly is refused, because it would
/// keep its share for as long as it likes. Used on the thread of the request.
public final class CollectedInput extends InputStream {
  /// The bytes of heap for each byte of the commands of a push: measured for the shortest commands,
  /// which are held as they came and as objects.
  public static final int PUSH_COMMANDS = 8;

  /// The bytes of heap for each byte of a fetch: measured for the shortest lines, which are held
  /// twice as they came and once parsed.
  public static final int FETCH_REQUEST = 5;

  /// What a request may hold of its body without a further charge.
  private static final int INCLUDED_BYTES = 16 * 1024;

  private static final int STEP_BYTES = 64 * 1024;
  private static final int READ_SIZE = 16 * 1024;

  /// How long a message of any size may take.
  private static final Duration TIME = Duration.ofSeconds(30);

  private static final int MIN_BYTES_PER_SECOND = 4 * 1024;

  private final InputStream in;
  private final MemoryShare share;
  private final int heapPerByte;
  private final LongSupplier nanoTime;
  private long held = INCLUDED_BYTES;
  private long received;
  private long messageBytes;
  private long messageStart;

  /// @param heapPerByte the bytes of heap for each byte that is read
  public CollectedInput(InputStream in, MemoryShare share, int heapPerByte) {
    this(in, share, heapPerByte, System::nanoTime);
  }

  CollectedInput(InputStream in, MemoryShare share, int heapPerByte, LongSupplier nanoTime) {
    this.in = in;
    this.share = share;
    this.heapPerByte = heapPerByte;
    this.nanoTime = nanoTime;
  }

  /// Begins a new message, for which the client has the whole time. The time begins with the first
  /// byte.
  public void startMessage() {
    messageBytes = 0;
  }

  /// Returns the bytes of what was read so far: it is not held any longer.
  public void release() {
    releaseExcept(0);
  }

  /// Returns the bytes of what was read so far, except for what is still held of it.
  ///
  /// @param kept how many bytes of the input that is
  public void releaseExcept(long kept) {
    received = Math.min(received, kept);
    long steps = Math.ceilDiv(Math.max(0, received * heapPerByte - INCLUDED_BYTES), STEP_BYTES);
    long needed = INCLUDED_BYTES + steps * STEP_BYTES;
    if (held > needed) share.give(held - needed);
    held = Math.min(held, needed);
  }

  /// How many bytes were read, less those that were released.
  public long receivedBytes() {
    return received;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = in.read(target, offset, Math.min(length, READ_SIZE));
    if (n > 0) {
      if (messageBytes == 0) messageStart = nanoTime.getAsLong();
      messageBytes += n;
      received += n;
      requireRate();
      charge();
    }
    return n;
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  private void requireRate() throws UnreadableBodyException {
    long seconds = (nanoTime.getAsLong() - messageStart) / 1_000_000_000;
    if (seconds - TIME.toSeconds() > messageBytes / MIN_BYTES_PER_SECOND) {
      throw new UnreadableBodyException(Refusal.tooSlow());
    }
  }

  private void charge() throws UnreadableBodyException {
    try {
      while (received * heapPerByte > held) {
        share.take(STEP_BYTES);
        held += STEP_BYTES;
      }
    } catch (RefusalException e) {
      throw new UnreadableBodyException(e.refusal());
    }
  }
}
