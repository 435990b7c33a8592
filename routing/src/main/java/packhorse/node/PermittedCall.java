package packhorse.node;

import packhorse.policy.Permit;

/// A call on its way to a node, with the proof that the client may ask it: whoever sends calls
/// needs no more of the policy than this. Immutable.
///
/// @param permit of the client on whose behalf the node is asked
public record PermittedCall(Permit permit, Node node, NodeCall call) {}
