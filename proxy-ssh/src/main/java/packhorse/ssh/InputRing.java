package packhorse.ssh;

import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import packhorse.node.ClientGone;

/// What a client has sent and nobody has read yet. The library's thread puts in and never waits;
/// one reader takes out. It grows as needed up to the channel's window, and the window opens only
/// as bytes are taken: so much and no more is held.
final class InputRing implements ChannelDataReceiver {
  private static final int FIRST = 32 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Duration patience;
  private byte[] bytes = new byte[0];
  private int head;
  private int count;
  private boolean ended;
  private boolean gone;

  /// @param patience how long a read waits for the client's next byte
  InputRing(Duration patience) {
    this.patience = patience;
  }

  @Override
  public int data(ChannelSession channel, byte[] from, int offset, int length) {
    lock.lock();
    try {
      grow(count + length);
      int tail = (head + count) % bytes.length;
      int first = Math.min(length, bytes.length - tail);
      System.arraycopy(from, offset, bytes, tail, first);
      System.arraycopy(from, offset + first, bytes, 0, length - first);
      count += length;
      changed.signal();
      // nothing is given back to the window before it is read
      return 0;
    } finally {
      lock.unlock();
    }
  }

  /// Takes what is there, at least one byte; -1 at the end of the client's input.
  ///
  /// @throws ClientGone when the connection ended without an end of input, or nothing came for too
  ///   long
  int take(byte[] to, int offset, int length) throws ClientGone {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (count == 0 && !ended && !gone) {
        if (left <= 0) throw gone("the client was silent for " + patience);
        left = changed.awaitNanos(left);
      }
      if (count > 0) return out(to, offset, Math.min(length, count));
      if (gone) throw gone("the client is gone");
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGone("interrupted while waiting for the client", e);
    } finally {
      lock.unlock();
    }
  }

  int available() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// The client has said that nothing more comes.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The channel is gone: what was not ended before is cut off, and what was not read is lost.
  void cut() {
    lock.lock();
    try {
      gone = true;
      if (!ended) count = 0;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  // the library closes receivers at the end of input and at the end of the channel alike: end() and
  // cut() tell them apart
  @Override
  public void close() {}

  private static ClientGone gone(String what) {
    return new ClientGone(what, new EOFException(what));
  }

  private int out(byte[] to, int offset, int length) {
    int first = Math.min(length, bytes.length - head);
    System.arraycopy(bytes, head, to, offset, first);
    System.arraycopy(bytes, 0, to, offset + first, length - first);
    head = (head + length) % bytes.length;
    count -= length;
    return length;
  }

  private void grow(int needed) {
    if (needed <= bytes.length) return;
    int size = Math.max(FIRST, bytes.length);
    while (size < needed) size *= 2;
    byte[] larger = new byte[size];
    int kept = count;
    if (kept > 0) out(larger, 0, kept);
    bytes = larger;
    head = 0;
    count = kept;
  }
}
