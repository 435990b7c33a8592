package packhorse.exchange;

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
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;

/// An answer's body between the one thread that takes it from the node and those who read it, each
/// at its own pace. What everybody has read is forgotten; what somebody has not read yet is held, a
/// window of it in memory. Where a fast reader waits for more and a slow one is a window behind,
/// the window's end goes to a file: so the slow one holds nobody up. Where all are slow, the node
/// waits for them as it would for one.
final class Spool {
  private static final int WINDOW = 256 * 1024;

  private final SpoolFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private final List<Reader> readers = new ArrayList<>();
  private int expected;
  private long first;
  private long end;
  private boolean over;
  private @Nullable NodeFailure failure;
  private Headers trailers = Headers.none();

  /// @param followers how many will read, or leave without reading
  Spool(int followers, SpoolFile file) {
    this.expected = followers;
    this.file = file;
  }

  /// One of the followers begins to read, at the beginning: while followers are expected, nothing
  /// is forgotten.
  Reader reader(Node node) {
    lock.lock();
    try {
      expected--;
      Reader reader = new Reader(node);
      readers.add(reader);
      room.signal();
      return reader;
    } finally {
      lock.unlock();
    }
  }

  /// One of the followers will not read.
  void leave() {
    lock.lock();
    try {
      expected--;
      left();
    } finally {
      lock.unlock();
    }
  }

  private void left() {
    room.signal();
    if (followed()) return;
    pieces.clear();
    file.close();
  }

  private boolean followed() {
    return expected > 0 || !readers.isEmpty();
  }

  /// Adds a piece, which belongs to the spool from now on; blocks while there is no room.
  ///
  /// @return false when nobody reads any more
  boolean add(byte[] piece) throws InterruptedException {
    lock.lock();
    try {
      while (followed() && end - first + piece.length > WINDOW && !madeRoom()) room.await();
      if (!followed()) return false;
      pieces.add(piece);
      end += piece.length;
      more.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean madeRoom() {
    byte[] oldest = pieces.getFirst();
    boolean read = slowest() >= first + oldest.length;
    boolean starving = readers.stream().anyMatch(reader -> reader.position == end);
    if (!read && !(starving && file.write(first, oldest))) return false;
    pieces.removeFirst();
    first += oldest.length;
    return true;
  }

  private long slowest() {
    if (expected > 0) return 0;
    return readers.stream().mapToLong(reader -> reader.position).min().orElse(end);
  }

  /// The body has come to its end.
  void ended(Headers lines) {
    ended(lines, null);
  }

  /// The node has broken off: readers hear it when they have read what came before.
  void failed(NodeFailure why) {
    ended(Headers.none(), why);
  }

  private void ended(Headers lines, @Nullable NodeFailure why) {
    lock.lock();
    try {
      trailers = lines;
      failure = why;
      over = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// One follower's reading. For that one's thread.
  final class Reader extends InputStream {
    private final Node node;
    private long position;

    private Reader(Node node) {
      this.node = node;
    }

    @Override
    public int read() throws NodeFailure {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// @throws NodeFailure when the node broke off here; it is not to be counted again
    @Override
    public int read(byte[] into, int from, int count) throws NodeFailure {
      if (count == 0) return 0;
      lock.lock();
      try {
        if (!some()) return -1;
        int size = position < first ? filed(into, from, count) : held(into, from, count);
        position += size;
        room.signal();
        return size;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int available() {
      lock.lock();
      try {
        return (int) Math.min(end - position, Integer.MAX_VALUE);
      } finally {
        lock.unlock();
      }
    }

    ByteBuffer peek() throws NodeFailure {
      lock.lock();
      try {
        byte[] next = new byte[some() ? 1024 : 0];
        if (next.length == 0) return ByteBuffer.wrap(next);
        int size = position < first ? filed(next, 0, next.length) : held(next, 0, next.length);
        return ByteBuffer.wrap(next, 0, size).asReadOnlyBuffer();
      } finally {
        lock.unlock();
      }
    }

    private boolean some() throws NodeFailure {
      while (position == end && !over) {
        room.signal();
        more.awaitUninterruptibly();
      }
      if (position < end) return true;
      if (failure != null) throw failure.known();
      return false;
    }

    private int filed(byte[] into, int from, int count) throws NodeFailure {
      try {
        return file.read(position, into, from, (int) Math.min(count, first - position));
      } catch (IOException e) {
        throw new NodeFailure(node, true, "its answer could not be kept: " + e, e).known();
      }
    }

    private int held(byte[] into, int from, int count) {
      long at = first;
      for (byte[] piece : pieces) {
        if (position < at + piece.length) {
          int skipped = (int) (position - at);
          int size = Math.min(count, piece.length - skipped);
          System.arraycopy(piece, skipped, into, from, size);
          return size;
        }
        at += piece.length;
      }
      throw new IllegalStateException("read beyond what has come");
    }

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
        if (readers.remove(this)) left();
      } finally {
        lock.unlock();
      }
    }
  }
}
