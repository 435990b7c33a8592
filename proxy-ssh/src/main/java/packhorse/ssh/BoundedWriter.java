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

/// Lets a channel have so many bytes on their way to the socket and no more. The library itself has
/// no such limit: a client that grants a huge window and stops reading would fill our memory.
final class BoundedWriter implements ChannelStreamWriter {
  private static final int MOST = 512 * 1024;

  private final Channel channel;
  private final Duration patience;
  private final Semaphore budget = new Semaphore(MOST);
  private volatile boolean open = true;

  /// @param patience how long the socket may take none of it
  BoundedWriter(Channel channel, Duration patience) {
    this.channel = channel;
    this.patience = patience;
  }

  @Override
  public IoWriteFuture writeData(Buffer bytes) throws IOException {
    int size = Math.min(MOST, bytes.available());
    try {
      if (!budget.tryAcquire(size, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("the client took nothing for " + patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing to the client");
    }
    IoWriteFuture written = null;
    try {
      written = channel.writePacket(bytes);
      return written.addListener(done -> budget.release(size));
    } finally {
      if (written == null) budget.release(size);
    }
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
