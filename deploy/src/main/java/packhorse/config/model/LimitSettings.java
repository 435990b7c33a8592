package packhorse.config.model;

import java.util.Optional;

/// Limits on what clients can make large.
///
/// @param push the most bytes of a push's pack; empty for no limit
/// @param connections the most open connections of each front: the http and https listeners share
///   one count, the ssh listeners another. Status listeners have no limit
public record LimitSettings(Optional<ByteSize> push, int connections) {}
