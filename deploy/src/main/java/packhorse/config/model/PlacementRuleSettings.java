package packhorse.config.model;

import java.util.List;
import java.util.Optional;

/// A placement rule: assigns the repositories whose paths match a pattern to a pool. The first rule
/// that matches a repository applies to it.
///
/// @param match the pattern for the paths of the repositories
/// @param pool the name of the pool
/// @param nodes the names of the pool's nodes that have these repositories; empty for all nodes
/// @param readOnly the message with which writes are refused; empty if writes are allowed
public record PlacementRuleSettings(
    PathPattern match, String pool, List<String> nodes, Optional<String> readOnly) {}
