package packhorse.node;

import java.io.InputStream;
import java.nio.ByteBuffer;
import packhorse.request.Headers;

/// A node's response to a [NodeRequest]. Its status and headers have been received; its body is
/// read from the node on demand. Returned by a [NodeLink] and used on one thread. Closing it before
/// the end of the body closes the connection to the node.
public interface NodeResponse extends AutoCloseable {
  Node node();

  /// The HTTP status code.
  int status();

  /// The reason phrase; may be empty.
  String reason();

  /// All header fields in the order in which the node sent them, including those that concern only
  /// the connection to the node and the framing, such as `Connection` and `Transfer-Encoding`.
  Headers headers();

  /// Waits until the first bytes of the body, or its end, have arrived.
  ///
  /// @param waitListener called while the node sends nothing
  /// @throws NodeFailure if the node fails before the first byte
  /// @throws ClientGoneException if the client leaves in the meantime
  default void awaitBody(WaitListener waitListener) throws NodeFailure, ClientGoneException {
    // An implementation that does not override this method has its first bytes already, so that
    // peek() does not wait and the listener is not needed.
    var _ = peek();
  }

  /// Returns the first bytes of the body without consuming them; blocks until some have arrived.
  /// The buffer is empty if the body has ended.
  ///
  /// @throws NodeFailure if the node fails before the first byte
  ByteBuffer peek() throws NodeFailure;

  /// The body. Reading it blocks, and throws [NodeFailure] if the node fails. Returns the same
  /// object each time.
  InputStream body();

  /// The body in the form from which a front copies it to a client. After a call of this method,
  /// [#body] must not be read.
  default BodySource bodySource() {
    return new BodySource.Stream(body());
  }

  /// The trailer fields; complete once the body was read to its end.
  Headers trailers();

  @Override
  void close();
}
