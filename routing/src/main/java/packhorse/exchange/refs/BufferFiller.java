package packhorse.exchange.refs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.wire.ResponseObserver;

/// Reads the body of a shared response from its node into a [FanOutBuffer]. Used on the thread of
/// the shared request.
final class BufferFiller {
  private static final int PIECE_BYTES = 32 * 1024;

  private final FanOutBuffer buffer;
  private final Consumer<NodeFailure> truncationListener;

  /// @param truncationListener called for a node that breaks the connection within its response
  BufferFiller(FanOutBuffer buffer, Consumer<NodeFailure> truncationListener) {
    this.buffer = buffer;
    this.truncationListener = truncationListener;
  }

  /// Returns when the body has ended, or no client reads it any more.
  void fill(RoutedResponse response) {
    NodeResponse fromNode = response.nodeResponse();
    try {
      boolean readToEnd = copy(fromNode.body(), response.observer());
      if (readToEnd && response.observer().isTruncated()) {
        throw NodeFailure.truncatedResponse(fromNode.node());
      }
      buffer.complete(fromNode.trailers());
    } catch (NodeFailure failure) {
      truncationListener.accept(failure);
      buffer.fail(failure);
    } catch (IOException | InterruptedException | RuntimeException e) {
      buffer.fail(new NodeFailure(fromNode.node(), true, String.valueOf(e), e));
    }
  }

  /// @return whether the body was read to its end; not if all clients have left
  private boolean copy(InputStream fromNode, ResponseObserver observer)
      throws IOException, InterruptedException {
    try {
      byte[] piece = fromNode.readNBytes(PIECE_BYTES);
      while (piece.length > 0) {
        observer.onBytes(ByteBuffer.wrap(piece));
        if (!buffer.append(piece)) return false;
        piece = fromNode.readNBytes(PIECE_BYTES);
      }
      return true;
    } finally {
      observer.onEnd();
    }
  }
}
