package packhorse.exchange.refs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import packhorse.memory.MemoryShare;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;

/// A bounded buffer for the body of a shared response, between the thread that reads it from the
/// node and several clients that read it at their own pace. Bytes that all readers have read are
/// discarded. Up to one window of the other bytes is held in memory; the window grows if the memory
/// of all requests suffices. When a fast reader waits for more bytes while a slow one is a window
/// behind, the oldest bytes of the window are written to a file, so that a slow reader does not
/// delay the others. When all readers are slow, the node waits, as it would for a single client.
final class FanOutBuffer {
  private static final int MIN_WINDOW_BYTES = 64 * 1024;
  private static final int MAX_WINDOW_BYTES = 256 * 1024;
  private static final int PEEK_BYTES = 1024;

  private final SpillFile file;
  private final MemoryShare memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition bytesAvailable = lock.newCondition();
  private final Condition spaceAvailable = lock.newCondition();
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private final List<Reader> readers = new ArrayList<>();
  private int pendingReaders;
  private int windowBytes = MIN_WINDOW_BYTES;
  // the positions in the body of the first byte in memory, and after the last one
  private long windowStart;
  private long windowEnd;
  private boolean ended;
  private @Nullable NodeFailure failure;
  private Headers trailers = Headers.empty();

  /// @param readerCount the number of clients, each of which calls either [#reader] or
  ///   [#cancelReader]
  /// @param memory for a larger window; closed with the last reader
  FanOutBuffer(int readerCount, SpillFile file, MemoryShare memory) {
    this.pendingReaders = readerCount;
    this.file = file;
    this.memory = memory;
  }

  /// Creates the reader of one client, which starts at the beginning of the body. No bytes are
  /// discarded while readers are pending.
  ///
  /// @param node the node that sends the body, for failures
  Reader reader(Node node) {
    lock.lock();
    try {
      pendingReaders--;
      Reader reader = new Reader(node);
      readers.add(reader);
      spaceAvailable.signal();
      return reader;
    } finally {
      lock.unlock();
    }
  }

  /// Removes a client that will not read.
  void cancelReader() {
    lock.lock();
    try {
      pendingReaders--;
      readerRemoved();
    } finally {
      lock.unlock();
    }
  }

  /// Whether there is no client any more that reads or will read.
  boolean isAbandoned() {
    lock.lock();
    try {
      return !hasReaders();
    } finally {
      lock.unlock();
    }
  }

  private void readerRemoved() {
    spaceAvailable.signal();
    if (hasReaders()) return;
    pieces.clear();
    file.close();
    memory.close();
  }

  private boolean hasReaders() {
    return pendingReaders > 0 || !readers.isEmpty();
  }

  /// Appends a piece of the body; blocks while the window is full. The buffer owns the array from
  /// then on.
  ///
  /// @return false if there are no readers any more
  boolean append(byte[] piece) throws InterruptedException {
    lock.lock();
    try {
      while (hasReaders()
          && windowEnd - windowStart + piece.length > windowBytes
          && !growWindow()
          && !evictOldestPiece()) {
        spaceAvailable.await();
      }
      if (!hasReaders()) return false;
      pieces.add(piece);
      windowEnd += piece.length;
      bytesAvailable.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean growWindow() {
    if (windowBytes == MAX_WINDOW_BYTES || !memory.tryTake(MAX_WINDOW_BYTES - MIN_WINDOW_BYTES)) {
      return false;
    }
    windowBytes = MAX_WINDOW_BYTES;
    return true;
  }

  private boolean evictOldestPiece() {
    byte[] oldest = pieces.getFirst();
    boolean readByAll = slowestPosition() >= windowStart + oldest.length;
    boolean readerIsWaiting = readers.stream().anyMatch(reader -> reader.position == windowEnd);
    if (!readByAll && !(readerIsWaiting && file.write(windowStart, oldest))) return false;
    pieces.removeFirst();
    windowStart += oldest.length;
    return true;
  }

  private long slowestPosition() {
    if (pendingReaders > 0) return 0;
    return readers.stream().mapToLong(reader -> reader.position).min().orElse(windowEnd);
  }

  /// Marks the end of the body.
  void complete(Headers bodyTrailers) {
    end(bodyTrailers, null);
  }

  /// Marks that the node broke the connection. Each reader throws the failure after it has read the
  /// bytes that came before.
  void fail(NodeFailure nodeFailure) {
    end(Headers.empty(), nodeFailure);
  }

  private void end(Headers bodyTrailers, @Nullable NodeFailure nodeFailure) {
    lock.lock();
    try {
      trailers = bodyTrailers;
      failure = nodeFailure;
      ended = true;
      bytesAvailable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Reads the body for one client, on the thread of that client.
  final class Reader extends InputStream {
    private final Node node;
    private long position;

    private Reader(Node node) {
      this.node = node;
    }

    @Override
    public int read() throws NodeFailure {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    /// @throws NodeFailure if the node broke the connection at this position; it is marked as
    ///   counted
    @Override
    public int read(byte[] target, int offset, int length) throws NodeFailure {
      if (length == 0) return 0;
      lock.lock();
      try {
        if (!awaitBytes()) return -1;
        int size = copyAtPosition(target, offset, length);
        position += size;
        spaceAvailable.signal();
        return size;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int available() {
      lock.lock();
      try {
        return (int) Math.min(windowEnd - position, Integer.MAX_VALUE);
      } finally {
        lock.unlock();
      }
    }

    /// Returns the next bytes without consuming them; blocks until there are some. Empty at the end
    /// of the body.
    ByteBuffer peek() throws NodeFailure {
      lock.lock();
      try {
        byte[] next = new byte[awaitBytes() ? PEEK_BYTES : 0];
        if (next.length == 0) return ByteBuffer.wrap(next);
        int size = copyAtPosition(next, 0, next.length);
        return ByteBuffer.wrap(next, 0, size).asReadOnlyBuffer();
      } finally {
        lock.unlock();
      }
    }

    /// Waits for bytes at this position. Returns false at the end of the body.
    private boolean awaitBytes() throws NodeFailure {
      while (position == windowEnd && !ended) {
        spaceAvailable.signal();
        bytesAvailable.awaitUninterruptibly();
      }
      if (position < windowEnd) return true;
      if (failure != null) throw failure.asCounted();
      return false;
    }

    private int copyAtPosition(byte[] target, int offset, int length) throws NodeFailure {
      return position < windowStart
          ? copyFromFile(target, offset, length)
          : copyFromMemory(target, offset, length);
    }

    private int copyFromFile(byte[] target, int offset, int length) throws NodeFailure {
      try {
        int limit = (int) Math.min(length, windowStart - position);
        return file.read(position, target, offset, limit);
      } catch (IOException e) {
        throw new NodeFailure(node, true, "its response could not be buffered: " + e, e)
            .asCounted();
      }
    }

    private int copyFromMemory(byte[] target, int offset, int length) {
      long pieceStart = windowStart;
      for (byte[] piece : pieces) {
        if (position < pieceStart + piece.length) {
          int skipped = (int) (position - pieceStart);
          int size = Math.min(length, piece.length - skipped);
          System.arraycopy(piece, skipped, target, offset, size);
          return size;
        }
        pieceStart += piece.length;
      }
      throw new IllegalStateException("the position is after the end of the buffer");
    }

    /// The trailer fields; empty until the end of the body.
    Headers trailers() {
      lock.lock();
      try {
        return trailers;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (readers.remove(this)) readerRemoved();
      } finally {
        lock.unlock();
      }
    }
  }
}
