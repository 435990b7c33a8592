package packhorse.http.io;

import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// Adds a lookahead of one chunk to a Jetty content source: the chunk that [#peek] returns is also
/// the next one that [#read] returns. Wraps the body of a client's request or of a node's response.
/// Used by one thread at a time, except for [#waitingNanos].
public final class PeekableSource implements Content.Source {
  private final Content.Source source;
  private Content.@Nullable Chunk peeked;
  private boolean endReached;

  // When the next chunk was last demanded, by System.nanoTime(); 0 once it has been read.
  private volatile long waitingSince;

  public PeekableSource(Content.Source source) {
    this.source = source;
  }

  /// Returns the next chunk without consuming it, or null if none has arrived yet. It has bytes, is
  /// the last one, or is a failure; other chunks are skipped.
  Content.@Nullable Chunk peek() {
    while (peeked == null) {
      Content.Chunk next = readSource();
      if (next == null) return null;
      if (next.hasRemaining() || next.isLast() || Content.Chunk.isFailure(next)) {
        peeked = next;
      } else {
        next.release();
      }
    }
    return peeked;
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk next = peeked == null ? readSource() : peeked;
    peeked = Content.Chunk.next(next);
    if (next != null && next.isLast() && !Content.Chunk.isFailure(next)) endReached = true;
    return next;
  }

  private Content.@Nullable Chunk readSource() {
    Content.Chunk next = source.read();
    if (next != null) waitingSince = 0;
    return next;
  }

  /// How long the next chunk has been awaited, in nanoseconds; 0 while nobody waits for it. For any
  /// thread.
  public long waitingNanos() {
    long since = waitingSince;
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  /// Whether the last chunk was read, so that the whole body has arrived. False after a failure.
  public boolean isEndReached() {
    return endReached;
  }

  /// Releases the buffer of a chunk that was peeked at but not read. Nothing may be read
  /// afterwards.
  public void release() {
    if (peeked != null) peeked.release();
    peeked = null;
  }

  @Override
  public void demand(Runnable onAvailable) {
    if (peeked == null) {
      // Never 0, which means that nobody waits.
      waitingSince = System.nanoTime() | 1;
      source.demand(onAvailable);
    } else {
      onAvailable.run();
    }
  }

  @Override
  public void fail(Throwable failure) {
    source.fail(failure);
  }
}
