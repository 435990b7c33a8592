package packhorse.exchange.call;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;
import packhorse.wire.ByteString;
import packhorse.wire.ResponseObserver;

/// A client over HTTP: one request, one response.
public non-sealed interface StatelessClient extends Client {

  /// The length of [#fromClient], if the client announced it and no content encoding was removed.
  OptionalLong contentLength();

  /// Whether the request has a body. May wait for the first byte of it.
  ///
  /// @throws packhorse.node.ClientGoneException if the client leaves meanwhile
  boolean hasBody() throws IOException;

  /// Sends the client a part of its response before a node has responded, and flushes it. The first
  /// call sends status 200 with these headers; status and headers of the node's response are not
  /// sent any more then, and its body continues after this part.
  ///
  /// @throws ClientGoneException if the client has left
  void sendEarly(Headers headers, ByteString part) throws ClientGoneException;

  /// Sends a node's response to the client: status, reason, these headers in their order, body and
  /// trailers. Returns when the client has received all of it. Back-pressure reaches the node; no
  /// more than a few buffers are held.
  ///
  /// @param headers those of the node that the client may receive, with Content-Length if the node
  ///   announced it
  /// @param observer sees the bytes of the body. If the node fails in the middle, or the observer
  ///   finds that the response ended too early, the client's response is cut off and never ends
  ///   cleanly
  Transfer relay(NodeResponse response, Headers headers, ResponseObserver observer);

  /// How much of a body a client received.
  ///
  /// @param bytes the number of bytes
  /// @param interruption why the client did not receive all of them; empty if it did
  record Transfer(long bytes, Optional<Interruption> interruption) {}
}
