package packhorse.exchange.push;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import packhorse.node.AdvertisedTips;
import packhorse.node.PermittedRoutes;
import packhorse.node.V0AdvertisementCache;
import packhorse.wire.ObjectId;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;
import packhorse.wire.push.RefStatus;
import packhorse.wire.push.RefUpdate;

/// Invalidates what the proxy remembers of a repository when a push may have changed it. Called on
/// the thread of the push.
public final class PushInvalidation {
  private final AdvertisedTips tips;
  private final V0AdvertisementCache advertisements;

  public PushInvalidation(AdvertisedTips tips, V0AdvertisementCache advertisements) {
    this.tips = tips;
    this.advertisements = advertisements;
  }

  /// The node may have applied any part of a push. Called before the client can learn of it.
  void mayHaveChanged(PermittedRoutes routes) {
    advertisements.invalidate(routes.asker());
    if (isReplicated(routes)) tips.invalidate(routes.asker(), List.of());
  }

  /// The node has reported which refs it changed: from now on every reader must be shown their new
  /// objects.
  void reported(PermittedRoutes routes, Push push, Optional<PushReport> report) {
    if (!isReplicated(routes)) return;
    report.ifPresent(statuses -> tips.invalidate(routes.asker(), acceptedIds(push, statuses)));
  }

  private static boolean isReplicated(PermittedRoutes routes) {
    return routes.permit().placement().pool().isReplicated();
  }

  // A set, because a client may name two hundred thousand refs.
  private static List<ObjectId> acceptedIds(Push push, PushReport report) {
    Set<String> rejected =
        report.refStatuses().stream()
            .filter(status -> status.errorMessage().isPresent())
            .map(RefStatus::ref)
            .collect(Collectors.toSet());
    return push.updates().stream()
        .filter(update -> !update.newId().isZero() && !rejected.contains(update.ref()))
        .map(RefUpdate::newId)
        .toList();
  }
}
