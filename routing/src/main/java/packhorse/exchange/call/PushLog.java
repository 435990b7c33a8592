package packhorse.exchange.call;

import packhorse.policy.Permit;
import packhorse.wire.push.Push;

/// Records each push before its node hears of it, so that a push is known even if the process dies
/// under it. Called on the thread of the push.
@FunctionalInterface
public interface PushLog {
  /// Records the commands of a push that the policy allows. Returns when they are written, cannot
  /// be, or have waited for a second: a push is not refused for that.
  void begun(Permit permit, Push push);
}
