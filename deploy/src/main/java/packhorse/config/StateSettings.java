package packhorse.config;

import java.nio.file.Path;
import java.util.Optional;

/// What outlives a restart.
///
/// @param key what keys of ours are made from; empty: made at the first start, kept in the
///   directory
public record StateSettings(Path directory, Optional<Secret> key) {}
