package packhorse.http;

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
import packhorse.wire.Watch;

/// Moves one answer from a node to a client while the request's virtual thread waits: driven by
/// what Jetty's selectors and timers report, never blocking. A node sends a pack in pieces of a few
/// KB, each of which would wake a thread and cost a write: so small pieces are gathered, and where
/// few have come the pump lingers a moment for more. Large pieces go on uncopied.
final class Pump extends IteratingCallback {
  private static final int SMALL = 16 * 1024;
  private static final int GATHERED = 64 * 1024;
  private static final long LINGER_AFTER = 64 * 1024;
  private static final long LINGER_MILLIS = 3;

  private final Content.Source fromNode;
  private final Content.Sink toClient;
  private final Watch watch;
  private final ByteBufferPool buffers;
  private final Scheduler scheduler;
  private final Runnable more = Invocable.from(InvocationType.NON_BLOCKING, this::iterate);
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable RetainableByteBuffer gathered;
  private Content.@Nullable Chunk held;
  private Content.@Nullable Chunk writing;
  private boolean flushing;
  private boolean lingered;
  private boolean last;
  private boolean finished;
  private long passed;
  private @Nullable Throwable nodeFailure;
  private @Nullable Throwable failure;

  Pump(
      Content.Source fromNode,
      Content.Sink toClient,
      Watch watch,
      ByteBufferPool buffers,
      Scheduler scheduler) {
    this.fromNode = fromNode;
    this.toClient = toClient;
    this.watch = watch;
    this.buffers = buffers;
    this.scheduler = scheduler;
  }

  /// Moves everything; returns when the client has it, or one side failed.
  void run() throws InterruptedException {
    iterate();
    try {
      done.await();
    } catch (InterruptedException e) {
      abort(e);
      throw e;
    }
  }

  /// How many bytes of body have been taken from the node.
  long passed() {
    return passed;
  }

  /// Why the node's side failed, if it did.
  @Nullable Throwable nodeFailure() {
    return nodeFailure;
  }

  /// Why the whole failed, if it did; of the client's side unless {@link #nodeFailure} says
  /// otherwise.
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  protected Action process() throws Throwable {
    if (finished) return Action.SUCCEEDED;
    while (true) {
      Content.Chunk chunk = held == null ? read() : held;
      if (chunk == null) return nothingCame();
      held = null;
      int size = chunk.remaining();
      if (size >= SMALL || !fits(size)) {
        if (gatheredBytes() > 0) return flushBefore(chunk);
        return write(chunk);
      }
      if (size > 0) gather(chunk);
      chunk.release();
      if (last) return flush();
    }
  }

  private Content.@Nullable Chunk read() throws Throwable {
    Content.Chunk chunk = fromNode.read();
    if (chunk == null) return null;
    if (Content.Chunk.isFailure(chunk)) {
      nodeFailure = chunk.getFailure();
      throw nodeFailure;
    }
    last |= chunk.isLast();
    passed += chunk.remaining();
    if (chunk.hasRemaining()) watch.passed(chunk.getByteBuffer());
    return chunk;
  }

  private Action nothingCame() {
    int waiting = gatheredBytes();
    if (waiting == 0) {
      fromNode.demand(more);
      return Action.IDLE;
    }
    if (!lingered && passed - waiting >= LINGER_AFTER) {
      lingered = true;
      scheduler.schedule(more, LINGER_MILLIS, TimeUnit.MILLISECONDS);
      return Action.IDLE;
    }
    return flush();
  }

  // with many clients the buffer can be smaller than asked for
  private boolean fits(int size) {
    return gathered == null || size <= gathered.capacity() - gathered.remaining();
  }

  private int gatheredBytes() {
    return gathered == null ? 0 : gathered.remaining();
  }

  private void gather(Content.Chunk chunk) {
    if (gathered == null) gathered = buffers.acquire(GATHERED, true);
    BufferUtil.append(gathered.getByteBuffer(), chunk.getByteBuffer());
  }

  private Action flushBefore(Content.Chunk chunk) {
    held = chunk;
    return write(false, gathered == null ? BufferUtil.EMPTY_BUFFER : gathered.getByteBuffer());
  }

  private Action flush() {
    finished = last;
    return write(last, gathered == null ? BufferUtil.EMPTY_BUFFER : gathered.getByteBuffer());
  }

  private Action write(Content.Chunk chunk) {
    writing = chunk;
    finished = last;
    return write(last, chunk.getByteBuffer());
  }

  private Action write(boolean end, ByteBuffer bytes) {
    flushing = true;
    lingered = false;
    toClient.write(end, bytes, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onSuccess() {
    if (!flushing) return;
    flushing = false;
    if (writing == null) {
      if (gathered != null) BufferUtil.clear(gathered.getByteBuffer());
    } else {
      writing.release();
      writing = null;
    }
  }

  @Override
  protected void onCompleteSuccess() {
    released();
    done.countDown();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    failure = cause;
    released();
    if (nodeFailure == null) fromNode.fail(cause);
    done.countDown();
  }

  private void released() {
    if (held != null) held.release();
    if (writing != null) writing.release();
    if (gathered != null) gathered.release();
    held = null;
    writing = null;
    gathered = null;
  }
}
