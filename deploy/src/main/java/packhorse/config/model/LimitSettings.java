package packhorse.config.model;

import java.util.Optional;

/// The limits on what clients may send and how many may be connected.
///
/// @param push the largest size of the pack of one push; empty if there is no limit
/// @param connections the largest number of open connections of each front: the http and https
///   listeners share one count, the ssh listeners another. Status listeners have no limit
public record LimitSettings(Optional<ByteSize> push, int connections) {}
