package packhorse.node;

import java.io.InputStream;
import java.nio.ByteBuffer;
import packhorse.request.Headers;

/// A response of a node. Its head has been read; its body is read from the node on demand. Used on
/// one thread. Closing it before the end of the body closes the connection to the node.
public interface NodeResponse extends AutoCloseable {
  Node node();

  int status();

  /// The reason phrase; may be empty.
  String reason();

  /// All header fields in the node's order, including those of connection and framing.
  Headers headers();

  /// Waits until the first bytes of the body, or its end, have arrived.
  ///
  /// @param waitListener called while the node sends nothing
  /// @throws NodeFailure if the node fails before the first byte
  /// @throws ClientGoneException if the client leaves in the meantime
  default void awaitBody(WaitListener waitListener) throws NodeFailure, ClientGoneException {
    // A response that does not override this has its first bytes already: there is no wait during
    // which the listener would be called.
    var _ = peek();
  }

  /// Returns the first bytes of the body without consuming them; blocks until some have arrived.
  /// Empty at the end of the body.
  ///
  /// @throws NodeFailure if the node fails before the first byte
  ByteBuffer peek() throws NodeFailure;

  /// The body. Reading blocks and throws [NodeFailure]. Returns the same object each time.
  InputStream body();

  /// The body in the form in which a front moves it to a client; the caller no longer reads [#body]
  /// then.
  default BodySource bodySource() {
    return new BodySource.Stream(body());
  }

  /// The trailer fields; complete once the body was read to its end.
  Headers trailers();

  @Override
  void close();
}
