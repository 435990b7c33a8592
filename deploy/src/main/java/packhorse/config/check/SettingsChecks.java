package packhorse.config.check;

import java.nio.charset.StandardCharsets;
import packhorse.config.model.Settings;
import packhorse.placement.Pool;

/// Runs the checks that need the whole tree. Each check reports problems on its own, so that one
/// run finds all of them.
public final class SettingsChecks {
  /// The size of the kernel's address of a Unix socket, less its terminating zero.
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private SettingsChecks() {}

  /// Adds the problems of these settings.
  public static void check(Settings settings, ProblemCollector problems) {
    new SiteChecks(settings, problems).check();
    var certificates = new ListenerChecks(settings, problems).check();
    new CertificateNameChecks(settings, problems, certificates).check();
    new PoolChecks(settings, problems).check();
    new UserChecks(settings, problems).check();
    new PlacementChecks(settings, problems).check();
    new PolicyChecks(settings, problems).check();
    new AuditFileCheck(settings, problems).check();
    checkControlSocket(settings, problems);
    new PathChecks(settings, problems).check();
    new FileModeChecks(settings, problems).check();
    if (settings.limits().logins().isPresent()
        && settings.pools().stream()
            .noneMatch(pool -> pool.authentication() == Pool.Authentication.PROXY)) {
      problems.warning(
          "limits.logins",
          "has no effect: no pool has authentication: proxy, so the nodes check all passwords");
    }
  }

  private static void checkControlSocket(Settings settings, ProblemCollector problems) {
    int length = settings.controlSocket().toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH_BYTES) {
      problems.error(
          "control",
          "\"%s\" is too long: the path of a socket has at most %d bytes"
              .formatted(settings.controlSocket(), MAX_SOCKET_PATH_BYTES));
    }
  }
}
