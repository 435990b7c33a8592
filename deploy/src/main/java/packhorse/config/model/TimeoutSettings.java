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
/// @param client the time that an SSH client may take to send its request after it was sent the ref
///   advertisement
/// @param drain the time that running exchanges get when the proxy stops
public record TimeoutSettings(
    Duration login,
    Duration connect,
    Duration answer,
    Duration stall,
    Duration idle,
    Duration client,
    Duration drain) {}
