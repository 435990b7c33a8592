package packhorse.http.node;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.eclipse.jetty.client.OutputStreamRequestContent;

/// The body of a request to a node that is written while it is sent. Written by the thread that
/// sends the request.
final class StreamedRequestBody extends OutputStreamRequestContent {
  private final OptionalLong length;

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
  ///
  /// @param exchange checked before each write: the body of a rejected request is not sent further
  OutputStream newOutputStream(NodeExchange exchange) {
    return new BodyOutputStream(getOutputStream(), exchange);
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

  private static final class BodyOutputStream extends OutputStream {
    private final OutputStream toNode;
    private final NodeExchange exchange;

    BodyOutputStream(OutputStream toNode, NodeExchange exchange) {
      this.toNode = toNode;
      this.exchange = exchange;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (exchange.isRejected()) {
        throw new StoppedException("the node responded before the end of the body");
      }
      try {
        toNode.write(bytes, offset, length);
      } catch (IOException | RuntimeException e) {
        throw new StoppedException("writing to the node failed", e);
      }
    }
  }
}
