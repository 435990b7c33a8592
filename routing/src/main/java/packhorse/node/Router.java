package packhorse.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import packhorse.policy.Permit;

/// Creates the routes of each permit, and keeps the round-robin state of each pool. Called by the
/// pipeline, on any thread.
public final class Router {
  private final Nodes nodes;
  private final AdvertisedTips tips;
  private final Function<Permit, RepositoryAsker> askers;
  private final Map<String, RoundRobins> roundRobinsByPool = new ConcurrentHashMap<>();

  /// The round-robin state of one pool. Packs are what costs a node work, so their turns are
  /// counted separately from those of all other reads. So are those of pages.
  record RoundRobins(RoundRobin packs, RoundRobin reads, RoundRobin pages) {}

  /// @param askers creates the asker of a permit
  public Router(Nodes nodes, AdvertisedTips tips, Function<Permit, RepositoryAsker> askers) {
    this.nodes = nodes;
    this.tips = tips;
    this.askers = askers;
  }

  /// Returns the routes for the requests that a permit allows.
  public PermittedRoutes routes(Permit permit) {
    RoundRobins roundRobins =
        roundRobinsByPool.computeIfAbsent(
            permit.placement().pool().name(),
            pool -> new RoundRobins(new RoundRobin(), new RoundRobin(), new RoundRobin()));
    return new PermittedRoutes(permit, askers.apply(permit), nodes, tips, roundRobins);
  }
}
