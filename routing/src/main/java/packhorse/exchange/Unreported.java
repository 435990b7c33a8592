package packhorse.exchange;

import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Push;

/// Words for a push whose node has failed: by then nobody knows what has become of it.
final class Unreported {
  private Unreported() {}

  /// The same refusal, owed to each command; that the outcome is unknown is said as such.
  static Refused push(Refused refused, Push push) {
    if (refused.push().isPresent()) return refused;
    Refusal why = refused.refusal();
    if (why.kind() != Refusal.Kind.NODE_FAILED) return refused.owed(why, push);
    String unknown =
        why.sentence() + "; the push may have been done all the same: look before you repeat it";
    return refused.owed(new Refusal(why.kind(), unknown, why.rule()), push);
  }
}
