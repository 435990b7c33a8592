package packhorse.config.model;

import java.nio.file.Path;
import java.util.Optional;

/// What persists across restarts.
///
/// @param key the secret from which the proxy's own keys are derived; empty if it is generated at
///   the first start and kept in the directory
public record StateSettings(Path directory, Optional<Secret> key) {}
