package packhorse.exchange;

import java.util.OptionalLong;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;
import packhorse.wire.Bytes;
import packhorse.wire.Watch;

/// A client over HTTP: one request, one answer.
public non-sealed interface StatelessClient extends Client {
  /// The length of what {@link #fromClient} gives, where the client told it and nothing was taken
  /// off.
  OptionalLong length();

  /// Gives the client, at once, a part of its answer before a node has answered. The first begins
  /// an answer of status 200 with these lines; what a node says of its own in the answer that is
  /// relayed then is not heard any more, its body goes on behind what was given.
  ///
  /// @throws ClientGone when the client is gone
  void ahead(Headers headers, Bytes part) throws ClientGone;

  /// Gives the node's answer to the client as it is: status, reason, these header lines in their
  /// order, body, trailers. Returns when the client has all of it. Back-pressure reaches the node;
  /// no more than a few buffers are held.
  ///
  /// @param headers the node's lines less those that a client must not hear; Content-Length among
  ///   them where the node told it
  /// @param watch sees the body's bytes as they pass; may be {@link Watch#none()}
  /// @return how many bytes of body were given to the client
  /// @throws NodeFailure when the node fails midway; the client sees its answer cut off, never a
  ///   clean end
  /// @throws ClientGone when the client is gone
  long relay(NodeAnswer answer, Headers headers, Watch watch) throws NodeFailure, ClientGone;
}
