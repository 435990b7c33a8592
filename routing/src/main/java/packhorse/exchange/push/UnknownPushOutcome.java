package packhorse.exchange.push;

import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.push.Push;

/// Words the refusal of a push whose node has failed: the proxy cannot know whether the node
/// applied it.
final class UnknownPushOutcome {
  private UnknownPushOutcome() {}

  /// The same refusal as a report on each command of the push. If the node failed, the message says
  /// that the outcome is unknown.
  static RefusalException refusal(RefusalException original, Push push) {
    if (original.push().isPresent()) return original;
    Refusal refusal = original.refusal();
    if (refusal.kind() != Refusal.Kind.NODE_FAILED) return original.forPush(refusal, push);
    return original.forPush(withUnknownOutcome(refusal), push);
  }

  /// The same refusal for a client that has received a part of the node's response, so that no
  /// report can be composed for it.
  static RefusalException withoutReport(RefusalException original) {
    return original.withRefusal(withUnknownOutcome(original.refusal()));
  }

  private static Refusal withUnknownOutcome(Refusal refusal) {
    String message =
        refusal.message()
            + "; the push may have been applied all the same: check before you repeat it";
    return new Refusal(refusal.kind(), message, refusal.detail());
  }
}
