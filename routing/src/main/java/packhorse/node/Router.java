package packhorse.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import packhorse.policy.Permit;

/// Chooses nodes. Called by the pipeline, on any thread; keeps whose turn it is in each pool.
public final class Router {
  private final Nodes nodes;
  private final AdvertisedTips tips;
  private final Map<String, Turns> turns = new ConcurrentHashMap<>();

  /// Packs are what costs: their turns are counted apart from those of everything else.
  record Turns(RoundRobin packs, RoundRobin others) {}

  public Router(Nodes nodes, AdvertisedTips tips) {
    this.nodes = nodes;
    this.tips = tips;
  }

  /// The nodes that may take what this permit allows.
  public Routes routes(Permit permit) {
    Turns own =
        turns.computeIfAbsent(
            permit.placement().pool().name(),
            pool -> new Turns(new RoundRobin(), new RoundRobin()));
    return new Routes(permit, nodes, tips, own);
  }
}
