package packhorse.http;

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

/// Reads a content source by blocking. Used by one virtual thread; holds at most one chunk.
///
/// @param <E> how a failure of the side that is read is told
final class BodyStream<E extends IOException> extends InputStream {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final PeekedSource source;
  private final Function<Throwable, E> failure;
  private @Nullable CompletableFuture<@Nullable Void> coming;

  BodyStream(PeekedSource source, Function<Throwable, E> failure) {
    this.source = source;
    this.failure = failure;
  }

  /// The next bytes without taking them; empty at the end.
  ByteBuffer peek() throws E {
    Content.Chunk chunk = next();
    return chunk.hasRemaining() ? chunk.getByteBuffer().asReadOnlyBuffer() : NOTHING;
  }

  @Override
  public int read() throws E {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int count) throws E {
    if (count == 0) return 0;
    Content.Chunk chunk = next();
    if (!chunk.hasRemaining()) {
      taken();
      return -1;
    }
    int n = taken(chunk, into, from, count);
    // what is here already comes along: small frames must not make small pieces
    while (n < count && available() > 0) n += taken(next(), into, from + n, count - n);
    return n;
  }

  private int taken(Content.Chunk chunk, byte[] into, int from, int count) {
    int n = Math.min(count, chunk.remaining());
    chunk.getByteBuffer().get(into, from, n);
    if (!chunk.hasRemaining()) taken();
    return n;
  }

  /// How many bytes can be read without waiting; 0 also where that is not known.
  @Override
  public int available() {
    Content.Chunk chunk = here();
    return chunk == null || Content.Chunk.isFailure(chunk) ? 0 : chunk.remaining();
  }

  // while a demand is not met, it is Jetty that reads
  private Content.@Nullable Chunk here() {
    return coming == null ? source.peek() : null;
  }

  /// Whether the next bytes, the end or a failure are here before that time is over.
  boolean cameWithin(Duration patience, Waits waits) throws E {
    long until = System.nanoTime() + patience.toNanos();
    while (here() == null) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      if (!came(ready -> waits.within(left, ready))) return false;
    }
    return true;
  }

  /// Takes everything to the end, if it comes before then.
  ///
  /// @param until on the clock of `System.nanoTime`
  /// @return whether the end was reached
  boolean drained(long until) throws E {
    while (true) {
      Content.Chunk chunk = here();
      if (chunk == null) {
        if (!cameBy(until)) return false;
      } else if (Content.Chunk.isFailure(chunk)) {
        throw failure.apply(chunk.getFailure());
      } else {
        boolean last = chunk.isLast();
        taken();
        if (last) return true;
        if (System.nanoTime() - until > 0) return false;
      }
    }
  }

  private Content.Chunk next() throws E {
    while (true) {
      Content.Chunk chunk = here();
      if (chunk == null) {
        await();
      } else if (Content.Chunk.isFailure(chunk)) {
        throw failure.apply(chunk.getFailure());
      } else {
        return chunk;
      }
    }
  }

  private void taken() {
    Content.Chunk chunk = source.read();
    if (chunk != null) chunk.release();
  }

  private void await() throws E {
    came(ready -> {
      ready.get();
      return true;
    });
  }

  private boolean cameBy(long until) throws E {
    return came(ready -> {
      ready.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      return true;
    });
  }

  // a demand that was not met in time stays: the next wait is for the same one
  private boolean came(Waiting waiting) throws E {
    try {
      boolean came = waiting.ends(demanded());
      if (came) coming = null;
      return came;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      source.fail(e);
      throw failure.apply(e);
    } catch (ExecutionException e) {
      throw new AssertionError("a demand does not fail", e);
    }
  }

  private CompletableFuture<@Nullable Void> demanded() {
    if (coming != null) return coming;
    var ready = new CompletableFuture<@Nullable Void>();
    coming = ready;
    source.demand(Invocable.from(InvocationType.NON_BLOCKING, () -> ready.complete(null)));
    return ready;
  }

  @FunctionalInterface
  private interface Waiting {
    boolean ends(CompletableFuture<@Nullable Void> ready)
        throws InterruptedException, ExecutionException, TimeoutException;
  }
}
