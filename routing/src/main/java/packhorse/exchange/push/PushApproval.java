package packhorse.exchange.push;

import packhorse.exchange.call.PushLog;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.request.RefusalException;
import packhorse.wire.push.Push;

/// Decides on the commands of a push once they are known, and records those that are allowed.
/// Called on the thread of the push.
///
/// @param policy decides on each command
/// @param log records the push before its node hears of it
public record PushApproval(Policy policy, PushLog log) {
  /// @throws RefusalException if the policy denies a command
  void authorise(Permit permit, Push push) throws RefusalException {
    policy.authorise(permit, push);
  }

  /// Records a push that is going to be sent to a node.
  void begin(Permit permit, Push push) {
    log.begun(permit, push);
  }
}
