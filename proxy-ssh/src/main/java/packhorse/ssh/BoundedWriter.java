package packhorse.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.throttle.ChannelStreamWriter;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import packhorse.memory.MemoryShare;

/// Writes one output stream of a channel, with at most 64 KiB that wait for the socket, or 512 KiB
/// while the memory of all requests suffices: a write blocks while that limit is reached. MINA SSHD
/// has no such limit: a client that grants a huge window and stops reading would fill the proxy's
/// memory.
final class BoundedWriter implements ChannelStreamWriter {
  private static final int LIMIT = 64 * 1024;
  private static final int ADDED = 448 * 1024;

  private final Channel channel;
  private final Duration timeout;
  private final MemoryShare memory;
  private final Semaphore permits = new Semaphore(LIMIT);
  private boolean enlarged;
  private volatile boolean open = true;

  /// @param timeout how long a write may block before it fails
  /// @param memory the share of the channel, which includes the smaller limit
  BoundedWriter(Channel channel, Duration timeout, MemoryShare memory) {
    this.memory = memory;
    this.channel = channel;
    this.timeout = timeout;
  }

  @Override
  public IoWriteFuture writeData(Buffer bytes) throws IOException {
    int size = Math.min(LIMIT, bytes.available());
    try {
      if (!permits.tryAcquire(size)
          && !tryEnlarge(size)
          && !permits.tryAcquire(size, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("the client read nothing for " + timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing to the client");
    }
    IoWriteFuture future = null;
    try {
      future = channel.writePacket(bytes);
      return future.addListener(done -> permits.release(size));
    } finally {
      if (future == null) permits.release(size);
    }
  }

  // Only the thread that writes calls this.
  private boolean tryEnlarge(int size) {
    if (enlarged || !memory.tryTake(ADDED)) return false;
    enlarged = true;
    permits.release(ADDED);
    return permits.tryAcquire(size);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
