package packhorse.config;

import java.time.Duration;

/// How long things may take; each is positive.
///
/// @param login request headers, TLS, an SSH login
/// @param connect to a node
/// @param answer a node's first byte
/// @param stall after that: no byte either way in an exchange
/// @param idle a connection with nothing to do
/// @param client an SSH client that has our advertisement and has not said yet what it wants
/// @param drain what running exchanges get when we stop
public record Timeouts(
    Duration login,
    Duration connect,
    Duration answer,
    Duration stall,
    Duration idle,
    Duration client,
    Duration drain) {}
