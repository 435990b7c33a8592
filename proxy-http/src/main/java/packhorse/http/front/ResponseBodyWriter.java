package packhorse.http.front;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import packhorse.http.io.ContentSourceBody;
import packhorse.http.io.FailureMessages;
import packhorse.http.io.Pump;
import packhorse.node.BodySource;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.wire.ResponseObserver;

/// Moves the body of one response to a client. Blocks the request's virtual thread until the whole
/// body is written.
final class ResponseBodyWriter {
  private static final int COPY_BUFFER_SIZE = 16 * 1024;

  private final Request request;
  private final Response response;
  private final NodeResponse nodeResponse;
  private final ResponseObserver observer;
  private final long length;
  private long sentBytes;
  private boolean ended;

  /// @param observer sees the bytes before they are written, and the end before it is written
  ResponseBodyWriter(
      Request request, Response response, NodeResponse nodeResponse, ResponseObserver observer) {
    this.request = request;
    this.response = response;
    this.nodeResponse = nodeResponse;
    this.observer = observer;
    this.length = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
  }

  /// Sends the whole body. The form of the body decides how: a body from an HTTP link is moved by a
  /// [Pump], any other is copied by blocking. If this throws, the client's response has no end.
  ///
  /// @throws NodeFailure if the node fails, or ends the response too early
  void send() throws NodeFailure, ClientGoneException {
    try {
      send(nodeResponse.bodySource());
    } finally {
      end();
    }
  }

  /// The number of body bytes that were sent.
  long sentBytes() {
    return sentBytes;
  }

  private void send(BodySource source) throws NodeFailure, ClientGoneException {
    switch (source) {
      case BodySource.EventDriven body -> pump(ContentSourceBody.of(body));
      case BodySource.Prefixed(var prefix, var rest) -> {
        ByteBuffer bytes = prefix.asReadOnlyBuffer();
        observer.onBytes(bytes);
        write(response, false, bytes);
        sentBytes += prefix.size();
        send(rest);
      }
      case BodySource.Stream(var stream) -> copy(stream);
    }
  }

  private void pump(ContentSourceBody body) throws NodeFailure, ClientGoneException {
    var components = request.getComponents();
    var pump =
        new Pump(
            body.source(),
            response,
            new EndingObserver(),
            length,
            components.getByteBufferPool(),
            components.getScheduler());
    try {
      pump.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted", e);
    } finally {
      sentBytes += pump.bytesMoved();
    }
    if (pump.isTruncated()) throw NodeFailure.truncatedResponse(nodeResponse.node());
    Throwable nodeFailure = pump.nodeFailure();
    if (nodeFailure != null) throw body.failure().apply(nodeFailure);
    Throwable failure = pump.failure();
    if (failure != null) throw clientGone(failure);
  }

  private void copy(InputStream body) throws NodeFailure, ClientGoneException {
    byte[] buffer = new byte[COPY_BUFFER_SIZE];
    for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
      observer.onBytes(bytes);
      if (sentBytes + n == length) requireWhole();
      write(response, false, bytes);
      sentBytes += n;
    }
    requireWhole();
    write(response, true, BufferUtil.EMPTY_BUFFER);
  }

  // Called at the end of the body; if the client was told a length, before its last bytes are
  // written.
  private void requireWhole() throws NodeFailure {
    end();
    if (observer.isTruncated()) throw NodeFailure.truncatedResponse(nodeResponse.node());
  }

  private int read(InputStream body, byte[] buffer) throws NodeFailure {
    try {
      return body.read(buffer);
    } catch (NodeFailure e) {
      throw e;
    } catch (IOException e) {
      throw new NodeFailure(nodeResponse.node(), true, FailureMessages.of(e), e);
    }
  }

  /// Writes bytes and waits until Jetty has taken them.
  ///
  /// @param last whether these bytes end the body
  static void write(Response response, boolean last, ByteBuffer bytes) throws ClientGoneException {
    try (Blocker.Callback callback = Blocker.callback()) {
      response.write(last, bytes, callback);
      callback.block();
    } catch (IOException e) {
      throw clientGone(e);
    }
  }

  private static ClientGoneException clientGone(Throwable cause) {
    return new ClientGoneException(
        "writing to the client failed: " + FailureMessages.of(cause), cause);
  }

  private void end() {
    if (ended) return;
    ended = true;
    observer.onEnd();
  }

  /// Passes everything on to the observer of the response, and its end once only.
  private final class EndingObserver implements ResponseObserver {
    @Override
    public void onBytes(ByteBuffer bytes) {
      observer.onBytes(bytes);
    }

    @Override
    public void onEnd() {
      end();
    }

    @Override
    public boolean isTruncated() {
      return observer.isTruncated();
    }
  }
}
