package packhorse.node;

import packhorse.request.RefusalException;

/// Sends requests to nodes. Implemented by a front's module; called by `packhorse.exchange` on the
/// virtual thread of the client's request.
public interface NodeLink {
  /// Sends a request to a node and waits for the head of its response. A link never repeats a
  /// request of which it has sent a byte.
  ///
  /// @param waitListener called while the node sends nothing
  /// @throws NodeFailure if there is no response
  /// @throws ClientGoneException if the client whose body is being sent is gone, or leaves while
  ///   the proxy waits for the node; the request to the node is aborted then
  /// @throws RefusalException if the [NodeRequest.BodyWriter] throws it
  NodeResponse send(PermittedNodeRequest permitted, WaitListener waitListener)
      throws NodeFailure, ClientGoneException, RefusalException;
}
