package packhorse.backend;

import java.util.regex.Pattern;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.WebPath;

/// Paths that must not be reached through the proxy, because a node serves them to whoever asks:
/// its debugger, its meters, its health, its installer, and what its own hooks call. Immutable.
///
/// @param paths the paths in lower case, as regular expressions; what lies below one of them is
///   closed, too
record ClosedPaths(Pattern paths) {
  /// What the hooks of a node call, to have it process a push.
  static final Pattern HOOK_CALL = Pattern.compile(".*/tasks/trigger(/.*)?", Pattern.DOTALL);

  private static final String GOGS =
      "/debug|/urlmap\\.json|/-/metrics|/metrics|/healthcheck|/install";
  private static final String OTHERS =
      "|/api/internal|/api/v4/internal|/api/healthz|/-/(health|readiness|liveness)";

  static ClosedPaths ofGogs() {
    return of(GOGS);
  }

  /// Those of every software whose paths are known.
  static ClosedPaths ofAny() {
    return of(GOGS + OTHERS);
  }

  private static ClosedPaths of(String alternatives) {
    return new ClosedPaths(Pattern.compile("(" + alternatives + ")(/.*)?", Pattern.DOTALL));
  }

  /// @throws RefusalException with [Refusal.Kind#NOT_SERVED] if the path is closed, in whatever
  ///   spelling
  void check(WebPath path) throws RefusalException {
    if (paths.matcher(path.lowerCase()).matches()) {
      throw new RefusalException(Refusal.notServed("this path is for the operator of a node only"));
    }
  }
}
