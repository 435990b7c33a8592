package packhorse.node;

import java.io.InputStream;
import java.nio.ByteBuffer;
import packhorse.request.Headers;

/// What a node answered: its head has been read, its body comes as it is taken. Used on one thread.
/// Closing it before the end of the body gives the connection up.
public interface NodeAnswer extends AutoCloseable {
  Node node();

  int status();

  /// The reason phrase; may be empty.
  String reason();

  /// All header lines in the node's order, connection and framing lines included.
  Headers headers();

  /// Waits until the first bytes of the body are here, or its end.
  ///
  /// @throws NodeFailure when the node fails before the first byte
  /// @throws ClientGone when the client leaves meanwhile
  default void await(Silence silence) throws NodeFailure, ClientGone {
    // an answer of which we have the beginning is not waited for
    var _ = peek();
  }

  /// The first bytes of the body without taking them; blocks until some have come. Empty at the end
  /// of the body.
  ///
  /// @throws NodeFailure when the node fails before the first byte
  ByteBuffer peek() throws NodeFailure;

  /// The body; reading blocks and throws {@link NodeFailure}. The same object every time.
  InputStream body();

  /// The trailer lines; complete once the body was read to its end.
  Headers trailers();

  @Override
  void close();
}
