package packhorse.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import packhorse.node.ClientGone;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBody;

/// The body of a client's request, framing and coding taken off. It remembers how it ended. Used on
/// the request's virtual thread.
final class ClientBody extends InputStream {
  private final BodyStream<IOException> framed;
  private final InputStream plain;
  private final EndPoint socket;
  private final boolean waitsToBeAsked;
  private boolean touched;
  private boolean gone;
  private Optional<Refusal> unreadable = Optional.empty();

  ClientBody(Request fromClient, ContentCoding coding) {
    socket = fromClient.getConnectionMetaData().getConnection().getEndPoint();
    framed = new BodyStream<>(new PeekedSource(fromClient), this::failure);
    plain = coding == ContentCoding.GZIP ? new GzipBody(framed) : framed;
    waitsToBeAsked =
        fromClient.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
  }

  /// Why the body cannot be read, if it was found out.
  Optional<Refusal> unreadable() {
    return unreadable;
  }

  /// Whether the client's connection failed.
  boolean gone() {
    return gone;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    touched = true;
    try {
      return plain.read(into, from, count);
    } catch (UnreadableBody e) {
      unreadable = Optional.of(e.refusal());
      throw e;
    } catch (ClientGone e) {
      gone = true;
      throw e;
    }
  }

  /// Reads on to the end and forgets what comes. A client that waits for a `100 Continue` sends
  /// nothing and is not read.
  ///
  /// @return whether nothing more will come; false when the time was not enough
  boolean drained(Duration time) {
    if (waitsToBeAsked && !touched) return true;
    try {
      return framed.drained(System.nanoTime() + time.toNanos());
    } catch (IOException e) {
      gone = e instanceof ClientGone;
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }

  // Jetty calls a chunk that it cannot read an early end, too: what tells them apart is whether the
  // client is still there
  private IOException failure(Throwable cause) {
    boolean there = !socket.isInputShutdown() && socket.isOpen();
    return cause instanceof HttpException && there
        ? new UnreadableBody(Refusal.malformed("the body of the request is not framed as HTTP"))
        : new ClientGone("the client is gone: " + FailureWords.of(cause), cause);
  }
}
