package packhorse.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.kit.Nanos;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.kit.ScriptedLink;
import packhorse.node.AdvertisedTips;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.node.State;
import packhorse.node.Thresholds;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.policy.Rule;
import packhorse.request.Refused;

/// The exchanges with scripted nodes behind them. A node goes down at its third failure.
final class Trial {
  final Sample sample;
  final ScriptedLink link = new ScriptedLink();
  final Nodes nodes;
  final AdvertisedTips tips = new AdvertisedTips();
  final Router router;
  private final Policy policy;
  private final Exchanges exchanges;

  Trial(Sample sample, Rule... rules) {
    this(sample, OptionalLong.empty(), rules);
  }

  Trial(Sample sample, OptionalLong pushLimit, Rule... rules) {
    this.sample = sample;
    var thresholds = new Thresholds(3, 2, Duration.ZERO, Optional.empty());
    nodes = new Nodes(sample.machines(), pool -> thresholds, new Nanos());
    router = new Router(nodes, tips);
    policy = new Policy(List.of(rules));
    exchanges =
        new Exchanges(
            link,
            nodes,
            tips,
            policy,
            new Exchanges.Terms(
                Map.of("main", new ActAs.Nobody()),
                pushLimit,
                Sample.SPOOLS,
                Duration.ofSeconds(5)));
  }

  Permit permit() throws Refused {
    return policy.authorise(sample.request(), sample.placement(), sample.principal());
  }

  Answer answer(RememberingClient client) throws Refused, IOException {
    Permit permit = permit();
    return exchanges.answer(permit, router.routes(permit), client);
  }

  /// The refusal that ends the request.
  Refused refused(RememberingClient client) throws IOException {
    try {
      Answer answer = answer(client);
      throw new AssertionError("answered: " + answer);
    } catch (Refused refused) {
      return refused;
    }
  }

  boolean down(String node) {
    return nodes.health(Sample.node(node)).state() == State.DOWN;
  }
}
