package packhorse.exchange;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import packhorse.node.AdvertisedTips;
import packhorse.node.Offers;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.Push;
import packhorse.wire.PushReport;
import packhorse.wire.RefStatus;
import packhorse.wire.RefUpdate;

/// What a push makes of what is remembered of its repository.
final class Changed {
  private final AdvertisedTips tips;
  private final Offers offers;

  Changed(AdvertisedTips tips, Offers offers) {
    this.tips = tips;
    this.offers = offers;
  }

  /// The node may have done anything of it: before the client can know.
  void maybe(Permit permit) {
    offers.changed(permit);
    if (permit.nodesDiffer()) tips.changed(permit, List.of());
  }

  /// The node has said what it did: from now on nobody must be shown less.
  void told(Permit permit, Push push, Optional<PushReport> report) {
    if (!permit.nodesDiffer()) return;
    report.ifPresent(said -> tips.changed(permit, accepted(push, said)));
  }

  // a client may name two hundred thousand refs
  private static List<ObjectId> accepted(Push push, PushReport report) {
    Set<String> refused =
        report.refs().stream()
            .filter(status -> status.refused().isPresent())
            .map(RefStatus::ref)
            .collect(Collectors.toSet());
    return push.updates().stream()
        .filter(update -> !update.newId().isZero() && !refused.contains(update.ref()))
        .map(RefUpdate::newId)
        .toList();
  }
}
