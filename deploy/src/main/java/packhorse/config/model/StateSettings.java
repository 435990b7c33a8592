package packhorse.config.model;

import java.nio.file.Path;
import java.util.List;

/// What persists across restarts.
///
/// @param keys the secrets from which the proxy's own keys are derived: new ones from the first,
///   and what was made with any of them is accepted; empty if one is generated and kept in the
///   directory
public record StateSettings(Path directory, List<Secret> keys) {
  public StateSettings {
    keys = List.copyOf(keys);
  }
}
