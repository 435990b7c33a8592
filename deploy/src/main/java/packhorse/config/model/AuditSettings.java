package packhorse.config.model;

import java.nio.file.Path;

/// Where audit records are written.
///
/// @param file a file of JSON lines, which is appended to
public record AuditSettings(Path file) {}
