package packhorse.http;

import java.time.Duration;

/// What holds for all HTTP listeners.
///
/// @param login until a new connection has sent the head of its first request, TLS included
/// @param stall without a byte in either direction while a request is served
/// @param idle a connection with nothing to do
/// @param connections at most, all listeners together
public record FrontSettings(Duration login, Duration stall, Duration idle, int connections) {}
