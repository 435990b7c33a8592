package packhorse.http;

import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// A content source that can be looked into: what was seen is still there to be read. One thread at
/// a time.
final class PeekedSource implements Content.Source {
  private final Content.Source source;
  private Content.@Nullable Chunk seen;
  private boolean ended;

  PeekedSource(Content.Source source) {
    this.source = source;
  }

  /// The next chunk without taking it, or null when none has come yet. Chunks without bytes are
  /// passed over unless last.
  Content.@Nullable Chunk peek() {
    while (seen == null) {
      Content.Chunk next = source.read();
      if (next == null) return null;
      if (next.hasRemaining() || next.isLast() || Content.Chunk.isFailure(next)) {
        seen = next;
      } else {
        next.release();
      }
    }
    return seen;
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk next = seen == null ? source.read() : seen;
    seen = Content.Chunk.next(next);
    if (next != null && next.isLast() && !Content.Chunk.isFailure(next)) ended = true;
    return next;
  }

  /// Whether the last chunk was taken.
  boolean ended() {
    return ended;
  }

  /// Lets go of what was seen and not taken.
  void release() {
    if (seen != null) seen.release();
    seen = null;
  }

  @Override
  public void demand(Runnable ready) {
    if (seen == null) {
      source.demand(ready);
    } else {
      ready.run();
    }
  }

  @Override
  public void fail(Throwable failure) {
    source.fail(failure);
  }
}
