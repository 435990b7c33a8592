package packhorse.config;

import java.util.Optional;

/// What a client can make large.
///
/// @param push bytes of a push's pack; empty: no limit
/// @param connections open at once, over all listeners
public record Limits(Optional<ByteSize> push, int connections) {}
