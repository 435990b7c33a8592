package packhorse.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBodyException;

/// A ring buffer of the bytes that a client has sent and the proxy has not read yet. MINA SSHD's
/// thread of the connection adds bytes; one reader removes them. The buffer grows as needed, as far
/// as the memory of all requests suffices, and never exceeds the channel's receive window, because
/// the window is enlarged only by the bytes that the reader has removed. While there is no memory
/// to grow, the thread of the connection waits for the reader, for a moment; if it waits in vain,
/// the request is refused.
final class ReceiveBuffer implements ChannelDataReceiver {
  private static final int INITIAL_CAPACITY = 32 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Duration timeout;
  private final MemoryShare memory;
  private byte[] bytes = new byte[0];
  private int head;
  private int count;
  private boolean eof;
  private @Nullable IOException abortion;

  /// @param timeout how long a read waits for the client's next byte
  /// @param memory the share of the channel, which includes the initial capacity
  ReceiveBuffer(Duration timeout, MemoryShare memory) {
    this.timeout = timeout;
    this.memory = memory;
  }

  @Override
  public int data(ChannelSession channel, byte[] from, int offset, int length) {
    // RFC 4254 does not forbid data without a byte, and at first the ring has no room at all.
    if (length == 0) return 0;
    lock.lock();
    try {
      if (!awaitRoom(length)) return 0;
      int tail = (head + count) % bytes.length;
      int first = Math.min(length, bytes.length - tail);
      System.arraycopy(from, offset, bytes, tail, first);
      System.arraycopy(from, offset + first, bytes, 0, length - first);
      count += length;
      changed.signalAll();
      // Zero means that no byte is consumed yet, so that the library does not enlarge the window.
      // ClientInputStream does, after it has read.
      return 0;
    } finally {
      lock.unlock();
    }
  }

  /// Reads what is buffered, at least one byte; waits while there is none.
  ///
  /// @return the number of bytes read; -1 at the end of the client's input
  /// @throws ClientGoneException when the channel is closed and nothing is buffered, when no byte
  ///   arrives before the timeout, or when the thread is interrupted
  /// @throws UnreadableBodyException when there was no memory for the client's input
  int read(byte[] to, int offset, int length) throws IOException {
    lock.lock();
    try {
      long remaining = timeout.toNanos();
      while (count == 0 && !eof && abortion == null) {
        if (remaining <= 0) throw clientGone("the client was silent for " + timeout);
        remaining = changed.awaitNanos(remaining);
      }
      if (count > 0) {
        int removed = remove(to, offset, Math.min(length, count));
        changed.signalAll();
        return removed;
      }
      if (abortion != null) throw abortion;
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted while waiting for the client", e);
    } finally {
      lock.unlock();
    }
  }

  /// Returns the number of buffered bytes.
  int available() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Records that the client has sent end-of-file (SSH_MSG_CHANNEL_EOF). Buffered bytes can still
  /// be read.
  void markEof() {
    lock.lock();
    try {
      eof = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Records that the channel is closed. Buffered bytes are discarded, unless the client had sent
  /// end-of-file before: its input is then complete and can still be read. After the last buffered
  /// byte, [#read] throws [ClientGoneException].
  ///
  /// @param reason thrown by [#read]; only that of the first call counts
  void abort(ClientGoneException reason) {
    lock.lock();
    try {
      if (abortion == null) abortion = reason;
      if (!eof) count = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the channel is closed.
  boolean isAborted() {
    lock.lock();
    try {
      return abortion != null;
    } finally {
      lock.unlock();
    }
  }

  // Does nothing: the library calls this both at end-of-file and when the channel closes, so
  // GitChannel calls markEof() or abort() instead.
  @Override
  public void close() {}

  private static ClientGoneException clientGone(String message) {
    return new ClientGoneException(message, new EOFException(message));
  }

  private int remove(byte[] to, int offset, int length) {
    int first = Math.min(length, bytes.length - head);
    System.arraycopy(bytes, head, to, offset, first);
    System.arraycopy(bytes, 0, to, offset + first, length - first);
    head = (head + length) % bytes.length;
    count -= length;
    return length;
  }

  /// Waits until there is room for more bytes. Returns false if they are not wanted any more.
  private boolean awaitRoom(int length) {
    long remaining = MemoryBudget.PATIENCE.toNanos();
    try {
      while (abortion == null && !tryGrow(count + length)) {
        if (remaining <= 0) {
          abortion = new UnreadableBodyException(Refusal.noMemory());
          count = 0;
          changed.signalAll();
        } else {
          remaining = changed.awaitNanos(remaining);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return abortion == null;
  }

  private boolean tryGrow(int needed) {
    if (needed <= bytes.length) return true;
    int size = Math.max(INITIAL_CAPACITY, bytes.length);
    while (size < needed) size *= 2;
    if (size > INITIAL_CAPACITY
        && !memory.tryTake(size - Math.max(INITIAL_CAPACITY, bytes.length))) {
      return false;
    }
    resize(size);
    return true;
  }

  private void resize(int size) {
    byte[] larger = new byte[size];
    int kept = count;
    if (kept > 0) remove(larger, 0, kept);
    bytes = larger;
    head = 0;
    count = kept;
  }
}
