package packhorse.http.connector;

import java.time.Duration;

/// The settings that all HTTP listeners share.
///
/// @param requestTimeout how long a new connection may take to send the head of its first request,
///   TLS handshake included
/// @param stallTimeout how long no byte may be transferred in either direction while a request is
///   served
/// @param idleTimeout how long a connection may be open without a request
/// @param maxConnections the largest number of connections of all HTTP listeners together
public record FrontSettings(
    Duration requestTimeout, Duration stallTimeout, Duration idleTimeout, int maxConnections) {}
