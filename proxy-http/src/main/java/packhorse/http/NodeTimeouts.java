package packhorse.http;

import java.time.Duration;

/// How long a node may take.
///
/// @param connect until the connection stands
/// @param answer until the first byte of the answer's head
/// @param stall after that: without a byte in either direction
public record NodeTimeouts(Duration connect, Duration answer, Duration stall) {}
