package packhorse.config;

import java.nio.charset.StandardCharsets;

/// What can only be seen with the whole tree at hand. Each check says one clear sentence; together
/// they find all problems at once.
final class SettingsChecks {
  /// What fits into the kernel's address of a Unix socket, less its final zero.
  private static final int SOCKET_PATH = 107;

  private SettingsChecks() {}

  static void check(Settings settings, Problems problems) {
    new SiteChecks(settings, problems).check();
    new ListenerChecks(settings, problems).check();
    new PoolChecks(settings, problems).check();
    new UserChecks(settings, problems).check();
    new RuleChecks(settings, problems).check();
    new PolicyChecks(settings, problems).check();
    control(settings, problems);
    if (settings.state().key().isPresent()) {
      problems.warning("state.key", "has no effect yet: nothing is made from it so far");
    }
  }

  private static void control(Settings settings, Problems problems) {
    int length = settings.control().toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > SOCKET_PATH) {
      problems.error(
          "control",
          "\"%s\" is too long: a socket's path has at most %d bytes"
              .formatted(settings.control(), SOCKET_PATH));
    }
  }
}
