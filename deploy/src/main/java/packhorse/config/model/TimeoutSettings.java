package packhorse.config.model;

import java.time.Duration;

/// The timeouts of clients, nodes and the proxy's own stop. Each is positive.
///
/// @param login receiving request headers, a TLS handshake, an SSH login
/// @param connect connecting to a node
/// @param answer waiting for the first byte of a node's response
/// @param stall the time that may pass without a byte in either direction of an exchange; while the
///   proxy waits for the first byte of a node's response, `answer` applies to the node instead
/// @param idle the time that a connection may be open without a request
/// @param client how long the proxy waits, over SSH, each time it needs something of a client that
///   replies to keep-alives: for the next bytes of its input, such as the request after the ref
///   advertisement, or the next bytes of a pack; or until the client reads so that a write goes on
/// @param tunnel the time that may pass without a byte of a page that has begun, such as a stream
///   of events
/// @param drain the time that running exchanges get when the proxy stops
public record TimeoutSettings(
    Duration login,
    Duration connect,
    Duration answer,
    Duration stall,
    Duration idle,
    Duration client,
    Duration tunnel,
    Duration drain) {}
