package packhorse.node;

import packhorse.policy.Permit;

/// A request to a node together with the proof that the client may cause it. A [NodeLink] needs to
/// know nothing else of the policy. Immutable.
///
/// @param permit the permit of the client on whose behalf the request is sent
public record PermittedNodeRequest(Permit permit, Node node, NodeRequest request) {}
