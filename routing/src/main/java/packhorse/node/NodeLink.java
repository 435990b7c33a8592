package packhorse.node;

import packhorse.request.Refused;

/// Our connection to nodes: implemented by a front's module, called by {@code exchange} on the
/// request's own virtual thread.
public interface NodeLink {
  /// Sends the call to the node and waits for the head of its answer.
  ///
  /// @param silence what to do while the node says nothing
  /// @throws NodeFailure when there is no answer; a call is never repeated by the link once a byte
  ///   of it was sent
  /// @throws ClientGone when the client whose body is being sent is gone, or leaves while the node
  ///   is silent: the call is given up then
  /// @throws Refused what the feeder of the body threw
  NodeAnswer ask(PermittedCall permitted, Silence silence) throws NodeFailure, ClientGone, Refused;
}
