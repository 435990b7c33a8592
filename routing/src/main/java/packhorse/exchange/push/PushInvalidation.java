package packhorse.exchange.push;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import packhorse.exchange.refs.RefHistories;
import packhorse.node.AdvertisedTips;
import packhorse.node.PermittedRoutes;
import packhorse.node.V0AdvertisementCache;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;
import packhorse.wire.push.RefStatus;
import packhorse.wire.push.RefUpdate;

/// Updates what the proxy remembers of a repository when a push may have changed it. Called on the
/// thread of the push.
public final class PushInvalidation {
  private final AdvertisedTips tips;
  private final RefHistories histories;
  private final V0AdvertisementCache advertisements;

  public PushInvalidation(
      AdvertisedTips tips, RefHistories histories, V0AdvertisementCache advertisements) {
    this.tips = tips;
    this.histories = histories;
    this.advertisements = advertisements;
  }

  /// A push is going to be sent to a node, which may apply it from now on.
  void begins(PermittedRoutes routes, Push push) {
    if (isReplicated(routes)) tips.pushBegins(routes.asker(), push.updates());
  }

  /// The node may have applied any part of a push. Called before the client can learn of it.
  void mayHaveChanged(PermittedRoutes routes) {
    advertisements.invalidate(routes.asker());
  }

  /// The node has reported which refs it changed: from now on every reader must be shown their new
  /// objects.
  void reported(PermittedRoutes routes, Push push, PushReport report) {
    if (!isReplicated(routes)) return;
    List<RefUpdate> accepted = accepted(push, report);
    tips.pushApplied(routes.asker(), accepted);
    histories.recordPush(routes.asker(), accepted);
  }

  private static boolean isReplicated(PermittedRoutes routes) {
    return routes.permit().placement().pool().isReplicated();
  }

  // A node may update other refs than those that the client named; which ones is not remembered. A
  // set, because a client may name two hundred thousand refs.
  private static List<RefUpdate> accepted(Push push, PushReport report) {
    Set<String> accepted =
        report.refStatuses().stream()
            .filter(status -> status.errorMessage().isEmpty())
            .filter(status -> status.actualRef().isEmpty() && status.newId().isEmpty())
            .map(RefStatus::ref)
            .collect(Collectors.toSet());
    return push.updates().stream().filter(update -> accepted.contains(update.ref())).toList();
  }
}
