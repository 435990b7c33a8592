package packhorse.http.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.util.Callback;

/// The body of a request to a node that is written while it is sent. Written by the thread that
/// sends the request.
///
/// The stream of Jetty's `OutputStreamRequestContent` does the same, but a write that is blocked
/// there can only be ended by an error, which makes Jetty discard the node's response.
final class StreamedRequestBody extends AsyncRequestContent {
  private final OptionalLong length;
  private volatile CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
  private volatile boolean stopped;

  /// @param length sent as Content-Length if known, else the body is chunked
  StreamedRequestBody(OptionalLong length) {
    this.length = length;
  }

  @Override
  public long getLength() {
    return length.orElse(-1);
  }

  /// A stream that writes this body. Each write returns when Jetty has sent the bytes, so that no
  /// more than one buffer is held. A failure of the node's side is reported as [StoppedException],
  /// which tells it apart from any failure of the client's side.
  OutputStream newOutputStream() {
    return new BodyOutputStream();
  }

  /// Ends the write that is blocked, and every later one, with a [StoppedException], because the
  /// node has responded with an error: the rest of the body need not be sent. Called by Jetty's
  /// threads.
  void stop() {
    stopped = true;
    written.completeExceptionally(responded());
  }

  private static StoppedException responded() {
    return new StoppedException("the node responded before the end of the body");
  }

  private void writeAndWait(ByteBuffer bytes) throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    written = done;
    if (stopped) throw responded();
    write(bytes, Callback.from(() -> done.complete(null), done::completeExceptionally));
    try {
      done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoppedException stop) throw stop;
      throw new StoppedException("writing to the node failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException("writing to the node was interrupted", e);
    }
  }

  /// The node does not read the rest of the body: it has already responded, or it has failed.
  static final class StoppedException extends IOException {
    private static final long serialVersionUID = 1;

    StoppedException(String message) {
      super(message);
    }

    StoppedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final class BodyOutputStream extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (count > 0) writeAndWait(ByteBuffer.wrap(bytes, offset, count));
    }
  }
}
