package packhorse.node.tips;

import packhorse.wire.refs.RefTips;

/// A list of refs that a node sent to a client. Immutable.
///
/// @param order when the list was requested: larger for what was requested later
/// @param whole whether the client asked for all refs, so that a ref that is not in the list does
///   not exist
/// @param fromPrimary whether the primary sent the list; that of a replica may be older than what
///   is known
public record ShownList(RefTips refs, long order, boolean whole, boolean fromPrimary) {}
