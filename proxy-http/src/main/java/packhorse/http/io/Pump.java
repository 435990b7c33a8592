package packhorse.http.io;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import packhorse.wire.ResponseObserver;

/// Moves one response body from a node to a client while the request's virtual thread waits. Driven
/// by events of Jetty's selectors and timers; never blocks. A node sends a pack in pieces of a few
/// KB, each of which would otherwise wake a thread and cost a write. The pump therefore gathers
/// small pieces into one buffer, and when little has arrived it waits a few milliseconds for more
/// before it writes. Large pieces are passed on without copying.
public final class Pump extends IteratingCallback {
  /// The number of threads that run pumps: the selectors of each pool's client, and the timers of
  /// the front, which resume the pumps that wait for more. About half the processors, because with
  /// many more threads than processors, the threads of requests included, they wait for each other.
  public static final int THREADS =
      Math.min(8, Math.ceilDiv(Runtime.getRuntime().availableProcessors(), 2));

  /// Pieces of this size and more are not copied.
  private static final int LARGE_PIECE_SIZE = 16 * 1024;

  private static final int GATHER_BUFFER_SIZE = 64 * 1024;

  /// The pump does not wait within the first bytes, so that small responses and keep-alives are not
  /// delayed.
  private static final long UNDELAYED_BYTES = 64 * 1024;

  private static final long GATHER_MILLIS = 3;

  private static final String TRUNCATED = "the body ended too early";

  private final Content.Source fromNode;
  private final Content.Sink toClient;
  private final ResponseObserver observer;
  private final long length;
  private final ByteBufferPool buffers;
  private final Scheduler scheduler;
  private final Runnable resume = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable RetainableByteBuffer gathered;
  private Content.@Nullable Chunk nextChunk;
  private Content.@Nullable Chunk writtenChunk;
  private boolean writing;
  private boolean waitedForMore;
  private boolean lastRead;
  private boolean lastWritten;
  private boolean ended;
  private boolean truncated;
  private long bytesMoved;
  private @Nullable Throwable nodeFailure;
  private @Nullable Throwable failure;

  /// @param observer sees the bytes before they are written, and the end before it is written
  /// @param length the length that the client was told; -1 if it was told none
  public Pump(
      Content.Source fromNode,
      Content.Sink toClient,
      ResponseObserver observer,
      long length,
      ByteBufferPool buffers,
      Scheduler scheduler) {
    this.fromNode = fromNode;
    this.toClient = toClient;
    this.observer = observer;
    this.length = length;
    this.buffers = buffers;
    this.scheduler = scheduler;
  }

  /// Moves the whole body; returns when it is written to the client or one side has failed.
  public void run() throws InterruptedException {
    iterate();
    try {
      done.await();
    } catch (InterruptedException e) {
      abort(e);
      throw e;
    }
  }

  /// Whether the node ended the body although more had to come. What had arrived was written, but
  /// not its end: if the client was told a length, not its last bytes.
  public boolean isTruncated() {
    return truncated;
  }

  /// The number of body bytes that were read from the node.
  public long bytesMoved() {
    return bytesMoved;
  }

  /// The failure of the node's side; null if it did not fail.
  public @Nullable Throwable nodeFailure() {
    return nodeFailure;
  }

  /// The failure that ended the transfer; null if it succeeded. It is the client's unless
  /// [#nodeFailure] is set.
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  protected Action process() throws Throwable {
    if (lastWritten && truncated) throw new EOFException(TRUNCATED);
    if (lastWritten) return Action.SUCCEEDED;
    while (true) {
      Content.Chunk chunk = nextChunk == null ? read() : nextChunk;
      if (chunk == null) return onNothingAvailable();
      nextChunk = null;
      int size = chunk.remaining();
      if (size >= LARGE_PIECE_SIZE || !fits(size)) {
        if (gatheredBytes() > 0) return flushBefore(chunk);
        return write(chunk);
      }
      if (size > 0) gather(chunk);
      chunk.release();
      if (lastRead) return flush();
    }
  }

  private Content.@Nullable Chunk read() throws Throwable {
    Content.Chunk chunk = fromNode.read();
    if (chunk == null) return null;
    if (Content.Chunk.isFailure(chunk)) {
      nodeFailure = chunk.getFailure();
      throw nodeFailure;
    }
    lastRead |= chunk.isLast();
    bytesMoved += chunk.remaining();
    if (chunk.hasRemaining()) observer.onBytes(chunk.getByteBuffer());
    if (!ended && (lastRead || bytesMoved == length)) {
      ended = true;
      observer.onEnd();
      truncated = observer.isTruncated();
    }
    if (truncated && length >= 0) {
      chunk.release();
      throw new EOFException(TRUNCATED);
    }
    return chunk;
  }

  private Action onNothingAvailable() {
    int unwritten = gatheredBytes();
    if (unwritten == 0) {
      fromNode.demand(resume);
      return Action.IDLE;
    }
    if (!waitedForMore && bytesMoved - unwritten >= UNDELAYED_BYTES) {
      waitedForMore = true;
      scheduler.schedule(resume, GATHER_MILLIS, TimeUnit.MILLISECONDS);
      return Action.IDLE;
    }
    return flush();
  }

  // When many clients transfer at once, the pool may give out a smaller buffer than requested.
  private boolean fits(int size) {
    return gathered == null || size <= gathered.capacity() - gathered.remaining();
  }

  private int gatheredBytes() {
    return gathered == null ? 0 : gathered.remaining();
  }

  private void gather(Content.Chunk chunk) {
    if (gathered == null) gathered = buffers.acquire(GATHER_BUFFER_SIZE, true);
    BufferUtil.append(gathered.getByteBuffer(), chunk.getByteBuffer());
  }

  private Action flushBefore(Content.Chunk chunk) {
    nextChunk = chunk;
    return write(false, gatheredBuffer());
  }

  private Action flush() {
    lastWritten = lastRead;
    return write(lastRead && !truncated, gatheredBuffer());
  }

  private ByteBuffer gatheredBuffer() {
    return gathered == null ? BufferUtil.EMPTY_BUFFER : gathered.getByteBuffer();
  }

  private Action write(Content.Chunk chunk) {
    writtenChunk = chunk;
    lastWritten = lastRead;
    return write(lastRead && !truncated, chunk.getByteBuffer());
  }

  private Action write(boolean last, ByteBuffer bytes) {
    writing = true;
    waitedForMore = false;
    toClient.write(last, bytes, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onSuccess() {
    if (!writing) return;
    writing = false;
    if (writtenChunk == null) {
      if (gathered != null) BufferUtil.clear(gathered.getByteBuffer());
    } else {
      writtenChunk.release();
      writtenChunk = null;
    }
  }

  @Override
  protected void onCompleteSuccess() {
    releaseBuffers();
    done.countDown();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    failure = cause;
    releaseBuffers();
    if (nodeFailure == null) fromNode.fail(cause);
    done.countDown();
  }

  private void releaseBuffers() {
    if (nextChunk != null) nextChunk.release();
    if (writtenChunk != null) writtenChunk.release();
    if (gathered != null) gathered.release();
    nextChunk = null;
    writtenChunk = null;
    gathered = null;
  }
}
