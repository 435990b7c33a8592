package packhorse.http.connector;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end point of a client connection that lingers when it is closed, so that the client still
/// receives the last bytes that it was sent (RFC 9112 §9.6). If a socket is closed while the client
/// still sends, the client receives a reset and loses what it was sent last, such as a GOAWAY or a
/// refusal. Closing therefore shuts down the output first, and then reads and discards what the
/// client sends until the client closes its side too, for at most one second. Created by
/// [ListenerConnector]. Any thread may close it, without blocking; the threads of the scheduler
/// discard the input that arrives later.
final class LingeringEndPoint extends SocketChannelEndPoint {
  private static final long MAX_LINGER_MILLIS = 1_000;
  private static final long READ_INTERVAL_MILLIS = 20;
  private static final int DISCARD_BUFFER_SIZE = 16 * 1024;
  private static final int READS_PER_INTERVAL = 64;
  private static final int MAX_EARLY_BYTES = 1024;

  private static final Logger log = LoggerFactory.getLogger(LingeringEndPoint.class);

  private final LingerRegistry lingerRegistry;
  private final ManagedSelector selector;
  private final Scheduler scheduler;
  private final InputListener inputListener;
  // True as soon as closing begins: an end point that lingers is closed for Jetty, although its
  // socket is still open.
  private volatile boolean closed;
  private volatile boolean resets;
  private long deadlineNanos;
  // What isClosedByClient() has read and fill() has not returned yet.
  private ByteBuffer earlyBytes = BufferUtil.EMPTY_BUFFER;

  /// Is asked before bytes are read, and hears of those that were. Called on the thread that reads.
  interface InputListener {
    /// Whether there is memory for more input; if not, the connection is reset.
    boolean mayRead();

    void onBytesReceived(EndPoint endPoint, int count);
  }

  /// The end points of a connector that are lingering. Their number is limited, so that a flood of
  /// connections cannot use up all file descriptors; beyond the limit, an end point is closed
  /// without lingering.
  static final class LingerRegistry {
    private static final int LIMIT = 256;

    private final Set<LingeringEndPoint> endPoints = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// Closes all end points immediately; an end point that is added later does not linger.
    void closeAll() {
      closed = true;
      endPoints.forEach(LingeringEndPoint::closeNow);
    }

    // Returns false if the end point must be closed without lingering. It is added before `closed`
    // is read, so that closeAll() cannot miss it.
    private boolean tryAdd(LingeringEndPoint endPoint) {
      return endPoints.size() < LIMIT && endPoints.add(endPoint) && !closed;
    }
  }

  LingeringEndPoint(
      SocketChannel socket,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      LingerRegistry lingerRegistry,
      InputListener inputListener) {
    super(socket, selector, key, scheduler);
    this.selector = selector;
    this.scheduler = scheduler;
    this.lingerRegistry = lingerRegistry;
    this.inputListener = inputListener;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (!inputListener.mayRead()) {
      resetConnection();
      throw new IOException("there is no memory for more input");
    }
    int n = takeEarlyBytes(buffer);
    if (n == 0) n = super.fill(buffer);
    if (n > 0) inputListener.onBytesReceived(this, n);
    return n;
  }

  private synchronized int takeEarlyBytes(ByteBuffer buffer) {
    return earlyBytes.hasRemaining() ? BufferUtil.append(buffer, earlyBytes) : 0;
  }

  // The selector does not report what has been read early.
  @Override
  protected void needsFillInterest() {
    if (hasEarlyBytes()) {
      scheduler.schedule(getFillInterest()::fillable, 0, TimeUnit.MILLISECONDS);
    } else {
      super.needsFillInterest();
    }
  }

  private synchronized boolean hasEarlyBytes() {
    return earlyBytes.hasRemaining();
  }

  /// Whether the client has closed its side of the connection, or the connection has failed. Only
  /// reading tells, so what the client has sent meanwhile is read and kept for the next [#fill]: a
  /// little, which may be the next request or a message of TLS. For a connection from which Jetty
  /// does not read, because it handles a request over HTTP/1 whose body has ended.
  boolean isClosedByClient() {
    if (!isOpen()) return true;
    return !isFillInterested() && readEarlyBytes();
  }

  private synchronized boolean readEarlyBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_EARLY_BYTES).put(earlyBytes);
    try {
      int n = getChannel().read(bytes);
      while (n > 0) n = getChannel().read(bytes);
      return n < 0;
    } catch (IOException e) {
      log.debug("the client's connection has failed", e);
      return true;
    } finally {
      earlyBytes = bytes.flip();
    }
  }

  @Override
  public boolean isOpen() {
    return !closed && super.isOpen();
  }

  @Override
  public void doClose() {
    closed = true;
    if (resets) {
      closeWithReset();
      return;
    }
    deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_LINGER_MILLIS);
    if (tryShutdownOutput() && lingerRegistry.tryAdd(this)) {
      linger();
    } else {
      closeNow();
    }
  }

  /// Closes the connection with a reset, without lingering. What the client has not received yet is
  /// lost.
  void resetConnection() {
    resets = true;
    close();
  }

  // Discards what the client has sent so far. Then closes the socket if the client has closed it
  // too or the time is up, and otherwise schedules its own next call.
  private void linger() {
    if (discardInput() || lingerRegistry.closed || System.nanoTime() - deadlineNanos > 0) {
      closeNow();
      // A registered channel keeps its descriptor until the selector selects again. Jetty wakes it
      // up when it closes an end point, which is before the end point lingers.
      selector.submit(woken -> {});
    } else {
      scheduler.schedule(this::linger, READ_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void closeNow() {
    lingerRegistry.endPoints.remove(this);
    super.doClose();
  }

  private void closeWithReset() {
    try {
      getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // The connection has already failed, so the client cannot take its response for complete.
      log.debug("no reset needed", e);
    }
    super.doClose();
  }

  // Returns false if the connection has already failed: then there is no reason to linger.
  private boolean tryShutdownOutput() {
    try {
      getChannel().shutdownOutput();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Discards the bytes that have arrived, but no more than 1 MiB, so that a client that sends fast
  /// does not occupy the thread.
  ///
  /// @return whether the client has closed the connection, or the connection has failed
  private boolean discardInput() {
    ByteBuffer discarded = ByteBuffer.allocate(DISCARD_BUFFER_SIZE);
    try {
      for (int i = 0; i < READS_PER_INTERVAL; i++) {
        int n = getChannel().read(discarded.clear());
        if (n <= 0) return n < 0;
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
