package packhorse.http.front;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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

/// Moves the bodies of responses to clients. Blocks the request's virtual thread until the whole
/// body is written.
final class ResponseBodyWriter {
  private static final int COPY_BUFFER_SIZE = 16 * 1024;

  private ResponseBodyWriter() {}

  /// Sends the whole body. The form of the body decides how: a body from an HTTP link is moved by a
  /// [Pump], any other is copied by blocking.
  ///
  /// @param observer sees the bytes before they are written
  /// @return the number of body bytes sent
  static long send(
      Request request, Response response, NodeResponse nodeResponse, ResponseObserver observer)
      throws NodeFailure, ClientGoneException {
    var transfer = new Transfer(request, response, nodeResponse, observer);
    return transfer.send(nodeResponse.bodySource());
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

  /// The transfer of one body.
  private record Transfer(
      Request request, Response response, NodeResponse nodeResponse, ResponseObserver observer) {

    long send(BodySource source) throws NodeFailure, ClientGoneException {
      return switch (source) {
        case BodySource.EventDriven body -> pump(ContentSourceBody.of(body));
        case BodySource.Prefixed(var prefix, var rest) -> {
          ByteBuffer bytes = prefix.asReadOnlyBuffer();
          observer.onBytes(bytes);
          write(response, false, bytes);
          yield prefix.size() + send(rest);
        }
        case BodySource.Stream(var stream) -> copy(stream);
      };
    }

    private long pump(ContentSourceBody body) throws NodeFailure, ClientGoneException {
      var components = request.getComponents();
      var pump =
          new Pump(
              body.source(),
              response,
              observer,
              components.getByteBufferPool(),
              components.getScheduler());
      try {
        pump.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClientGoneException("interrupted", e);
      }
      Throwable nodeFailure = pump.nodeFailure();
      if (nodeFailure != null) throw body.failure().apply(nodeFailure);
      Throwable failure = pump.failure();
      if (failure != null) throw clientGone(failure);
      return pump.bytesMoved();
    }

    private long copy(InputStream body) throws NodeFailure, ClientGoneException {
      byte[] buffer = new byte[COPY_BUFFER_SIZE];
      long total = 0;
      for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        observer.onBytes(bytes);
        write(response, false, bytes);
        total += n;
      }
      write(response, true, BufferUtil.EMPTY_BUFFER);
      return total;
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
  }
}
