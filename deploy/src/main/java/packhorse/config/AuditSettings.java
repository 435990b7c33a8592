package packhorse.config;

import java.nio.file.Path;

/// Where audit records go.
///
/// @param file JSON lines, appended to
public record AuditSettings(Path file) {}
