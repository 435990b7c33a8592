package packhorse.http.front;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import packhorse.http.io.ContentInputStream;
import packhorse.http.io.FailureMessages;
import packhorse.http.io.PeekableSource;
import packhorse.node.ClientGoneException;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBodyException;

/// The body of a client's request, without its framing and content coding. It remembers how it
/// ended. Used on the request's virtual thread.
final class ClientRequestBody extends InputStream {
  /// How soon the end of a client is noticed whose body is drained.
  private static final Duration DRAIN_CHECK = Duration.ofSeconds(1);

  private final ContentInputStream<IOException> encoded;
  private final InputStream decoded;
  private final EndPoint endPoint;
  private final boolean expectsContinue;
  private boolean readStarted;
  private boolean clientGone;
  private volatile boolean failed;
  private Optional<Refusal> refusal = Optional.empty();

  ClientRequestBody(Request request, ContentCoding coding) {
    endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    request.addFailureListener(failure -> failed = true);
    encoded = new ContentInputStream<>(new PeekableSource(request), this::failure);
    decoded = coding == ContentCoding.GZIP ? new GzipBody(encoded) : encoded;
    expectsContinue =
        request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
  }

  /// Why the body cannot be read, if reading it has failed for a fault of its content.
  Optional<Refusal> refusal() {
    return refusal;
  }

  /// Whether the client's connection has failed.
  boolean isClientGone() {
    return clientGone;
  }

  /// Whether the body is empty; waits for its first byte or its end. Of a body without a content
  /// coding only.
  boolean isEmpty() throws IOException {
    readStarted = true;
    return !encoded.peek().hasRemaining();
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    readStarted = true;
    try {
      return decoded.read(buffer, offset, length);
    } catch (UnreadableBodyException e) {
      refusal = Optional.of(e.refusal());
      throw e;
    } catch (ClientGoneException e) {
      clientGone = true;
      throw e;
    }
  }

  /// Reads to the end and discards the bytes. A client that waits for `100 Continue` sends nothing,
  /// so its body is not read.
  ///
  /// @return whether nothing more will arrive; false if the time did not suffice
  boolean drain(Duration timeout) {
    if (expectsContinue && !readStarted) return true;
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (!encoded.drain(Math.min(deadline, System.nanoTime() + DRAIN_CHECK.toNanos()))) {
        if (System.nanoTime() - deadline >= 0) return false;
        // Once the response of a stream is complete, Jetty may not report the end of its client.
        clientGone |= failed || !endPoint.isOpen();
        if (clientGone) return true;
      }
      return true;
    } catch (IOException e) {
      clientGone = e instanceof ClientGoneException;
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    decoded.close();
  }

  // Jetty reports an invalid chunk as an early end of the body. It is a real early end only if the
  // connection has ended too.
  private IOException failure(Throwable cause) {
    boolean connected = !endPoint.isInputShutdown() && endPoint.isOpen();
    return cause instanceof HttpException && connected
        ? new UnreadableBodyException(
            Refusal.malformed("the body of the request has invalid HTTP framing"))
        : new ClientGoneException("the client is gone: " + FailureMessages.of(cause), cause);
  }
}
