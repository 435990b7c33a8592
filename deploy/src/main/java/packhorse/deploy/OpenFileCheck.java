package packhorse.deploy;

import java.util.Optional;
import java.util.OptionalLong;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Settings;

/// Compares the number of files that the process may have open with what `limits.connections` may
/// need. Called at the start.
final class OpenFileCheck {
  /// Jars, listeners, files, and connections of the operator.
  private static final int OTHER_FILES = 256;

  private OpenFileCheck() {}

  /// Returns a warning for the log; empty if the limit is high enough.
  ///
  /// @param limit the number of files that the process may have open; empty if there is no limit
  static Optional<String> warning(Settings settings, OptionalLong limit) {
    long needed = needed(settings);
    if (limit.isEmpty() || limit.getAsLong() >= needed) return Optional.empty();
    return Optional.of(
        "the limit of %d open files (ulimit -n) is too low: limits.connections: %d may need %d"
            .formatted(limit.getAsLong(), settings.limits().connections(), needed));
  }

  // Each front counts its own connections, and each of these may have one to a node.
  private static long needed(Settings settings) {
    long http = settings.listeners().stream().anyMatch(OpenFileCheck::isHttp) ? 1 : 0;
    long ssh =
        settings.listeners().stream().anyMatch(ListenerSettings.Ssh.class::isInstance) ? 1 : 0;
    return OTHER_FILES + (http + ssh) * 2 * settings.limits().connections();
  }

  private static boolean isHttp(ListenerSettings listener) {
    return listener instanceof ListenerSettings.Http || listener instanceof ListenerSettings.Https;
  }
}
