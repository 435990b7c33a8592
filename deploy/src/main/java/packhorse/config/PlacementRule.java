package packhorse.config;

import java.util.List;
import java.util.Optional;

/// Where the repositories that match live.
///
/// @param nodes those of the pool's nodes that have them; empty: all
/// @param readOnly writes are refused with this sentence
public record PlacementRule(
    PathPattern match, String pool, List<String> nodes, Optional<String> readOnly) {}
