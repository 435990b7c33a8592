package packhorse.exchange;

import java.util.Collection;
import java.util.function.Predicate;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeAnswer;
import packhorse.policy.Permit;
import packhorse.wire.ErrorLines;
import packhorse.wire.ObjectId;

/// Knows the answer of a node that has not got what is wanted. A replica may lag: whoever has the
/// object is asked before anybody is told that it is not there.
final class Lacking {
  private final AdvertisedTips tips;

  Lacking(AdvertisedTips tips) {
    this.tips = tips;
  }

  /// Whether an answer says so; it is remembered for a moment.
  Predicate<NodeAnswer> of(Permit permit, Collection<ObjectId> wants) {
    return answer -> {
      boolean lacks = says(answer);
      if (lacks && permit.nodesDiffer()) tips.missed(permit, answer.node(), wants);
      return lacks;
    };
  }

  private static boolean says(NodeAnswer answer) {
    return answer.status() == 200
        && FirstPkt.of(answer).flatMap(ErrorLines::said).filter(ErrorLines::notOurRef).isPresent();
  }
}
