package packhorse.http.node;

import java.time.Duration;

/// The limits of the time that a node may take.
///
/// @param connect until the connection is established
/// @param firstByte until the first byte of the response head
/// @param stall without a byte in either direction, once the response has begun
/// @param pause the same for a response that may pause ([packhorse.node.NodeRequest#mayPause])
public record NodeTimeouts(Duration connect, Duration firstByte, Duration stall, Duration pause) {}
