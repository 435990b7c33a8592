package packhorse.http.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/// An input stream over a Jetty content source; reading blocks. Used by one virtual thread; holds
/// at most one chunk.
///
/// @param <E> the exception that reports a failure of the source
public final class ContentInputStream<E extends IOException> extends InputStream {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final PeekableSource source;
  private final Function<Throwable, E> failure;
  private @Nullable CompletableFuture<@Nullable Void> pendingDemand;

  /// @param failure translates a failure of the source
  public ContentInputStream(PeekableSource source, Function<Throwable, E> failure) {
    this.source = source;
    this.failure = failure;
  }

  /// Returns the next bytes without consuming them; blocks until some have arrived. Empty at the
  /// end.
  public ByteBuffer peek() throws E {
    Content.Chunk chunk = awaitChunk();
    return chunk.hasRemaining() ? chunk.getByteBuffer().asReadOnlyBuffer() : EMPTY;
  }

  @Override
  public int read() throws E {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws E {
    if (length == 0) return 0;
    Content.Chunk chunk = awaitChunk();
    if (!chunk.hasRemaining()) {
      consumeChunk();
      return -1;
    }
    int n = copy(chunk, buffer, offset, length);
    // What has already arrived is read too: a client's small HTTP/2 frames must not become small
    // writes to the node.
    while (n < length && available() > 0) n += copy(awaitChunk(), buffer, offset + n, length - n);
    return n;
  }

  private int copy(Content.Chunk chunk, byte[] buffer, int offset, int length) {
    int n = Math.min(length, chunk.remaining());
    chunk.getByteBuffer().get(buffer, offset, n);
    if (!chunk.hasRemaining()) consumeChunk();
    return n;
  }

  /// The number of bytes that can be read without blocking; 0 also if that is not known.
  @Override
  public int available() {
    Content.Chunk chunk = availableChunk();
    return chunk == null || Content.Chunk.isFailure(chunk) ? 0 : chunk.remaining();
  }

  // Jetty reads the source itself while a demand is pending, so it must not be read here then.
  private Content.@Nullable Chunk availableChunk() {
    return pendingDemand == null ? source.peek() : null;
  }

  /// Waits until the next bytes, the end or a failure have arrived.
  ///
  /// @return false if nothing arrived within the timeout
  public boolean awaitAvailable(Duration timeout, WaitTimer timer) throws E {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (availableChunk() == null) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (!awaitDemand(demand -> timer.await(left, demand))) return false;
    }
    return true;
  }

  /// Reads to the end and discards the bytes, if the end arrives before a deadline.
  ///
  /// @param deadline in terms of `System.nanoTime`
  /// @return whether the end was reached
  public boolean drain(long deadline) throws E {
    while (true) {
      Content.Chunk chunk = availableChunk();
      if (chunk == null) {
        if (!awaitDemandUntil(deadline)) return false;
      } else if (Content.Chunk.isFailure(chunk)) {
        throw failure.apply(chunk.getFailure());
      } else {
        boolean last = chunk.isLast();
        consumeChunk();
        if (last) return true;
        if (System.nanoTime() - deadline > 0) return false;
      }
    }
  }

  private Content.Chunk awaitChunk() throws E {
    while (true) {
      Content.Chunk chunk = availableChunk();
      if (chunk == null) {
        awaitDemandForever();
      } else if (Content.Chunk.isFailure(chunk)) {
        throw failure.apply(chunk.getFailure());
      } else {
        return chunk;
      }
    }
  }

  private void consumeChunk() {
    Content.Chunk chunk = source.read();
    if (chunk != null) chunk.release();
  }

  private void awaitDemandForever() throws E {
    awaitDemand(demand -> {
      demand.get();
      return true;
    });
  }

  private boolean awaitDemandUntil(long deadline) throws E {
    return awaitDemand(demand -> {
      demand.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return true;
    });
  }

  // A demand that was not met in time stays pending; the next wait is for the same one.
  private boolean awaitDemand(DemandWait wait) throws E {
    try {
      boolean met = wait.await(demand());
      if (met) pendingDemand = null;
      return met;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      source.fail(e);
      throw failure.apply(e);
    } catch (ExecutionException e) {
      throw new AssertionError("a demand never completes exceptionally", e);
    }
  }

  private CompletableFuture<@Nullable Void> demand() {
    if (pendingDemand != null) return pendingDemand;
    var demand = new CompletableFuture<@Nullable Void>();
    pendingDemand = demand;
    source.demand(Invocable.from(InvocationType.NON_BLOCKING, () -> demand.complete(null)));
    return demand;
  }

  /// A way to wait for a demand.
  @FunctionalInterface
  private interface DemandWait {
    /// @return whether the demand was met
    boolean await(CompletableFuture<@Nullable Void> demand)
        throws InterruptedException, ExecutionException, TimeoutException;
  }
}
