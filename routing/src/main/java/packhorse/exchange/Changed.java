package packhorse.exchange;

import java.util.List;
import java.util.Optional;
import packhorse.node.AdvertisedTips;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.Push;
import packhorse.wire.PushReport;
import packhorse.wire.RefUpdate;

/// What a push makes of what is remembered of its repository.
final class Changed {
  private Changed() {}

  /// The node may have done anything of it: before the client can know.
  static void maybe(AdvertisedTips tips, Permit permit) {
    tips.changed(permit, List.of());
  }

  /// The node has said what it did: from now on nobody must be shown less.
  static void told(AdvertisedTips tips, Permit permit, Push push, Optional<PushReport> report) {
    report.ifPresent(said -> tips.changed(permit, accepted(push, said)));
  }

  private static List<ObjectId> accepted(Push push, PushReport report) {
    return push.updates().stream()
        .filter(update -> !update.newId().isZero() && accepted(update, report))
        .map(RefUpdate::newId)
        .toList();
  }

  private static boolean accepted(RefUpdate update, PushReport report) {
    return report.refs().stream()
        .filter(status -> status.ref().equals(update.ref()))
        .allMatch(status -> status.refused().isEmpty());
  }
}
