package packhorse.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.NodeIdentity;
import packhorse.kit.FakeTicker;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.memory.MemoryBudget;
import packhorse.node.AdvertisedTips;
import packhorse.node.HealthThresholds;
import packhorse.node.NodeState;
import packhorse.node.Nodes;
import packhorse.node.RepositoryAsker;
import packhorse.node.Router;
import packhorse.placement.Storage;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.policy.PolicyRule;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;
import packhorse.wire.refs.RefTips;

/// The exchanges, wired to scripted nodes. A node goes down at its third consecutive failure. For
/// the thread of one test.
public final class ExchangeScene {
  public final ScriptedLink link = new ScriptedLink();
  public final Nodes nodes;
  public final AdvertisedTips tips = new AdvertisedTips();
  public final Router router;
  private final RequestFixture fixture;
  private final Policy policy;
  private final Exchanges exchanges;

  public ExchangeScene(RequestFixture fixture, PolicyRule... rules) {
    this(fixture, OptionalLong.empty(), rules);
  }

  public ExchangeScene(RequestFixture fixture, OptionalLong pushLimit, PolicyRule... rules) {
    this.fixture = fixture;
    var thresholds = new HealthThresholds(3, 2, Duration.ZERO, Optional.empty());
    nodes = new Nodes(fixture.poolNodes(), pool -> thresholds, new FakeTicker());
    router = RequestFixture.router(nodes, tips);
    policy = new Policy(List.of(rules));
    exchanges =
        new Exchanges(
            link,
            nodes,
            tips,
            policy,
            (permit, push) -> {},
            new Exchanges.ExchangeSettings(
                Map.of("main", new NodeIdentity.Nobody()),
                pushLimit,
                OptionalLong.empty(),
                RequestFixture.visitorCookie(),
                RequestFixture.SPILL_FOLDER,
                new MemoryBudget(64 << 20),
                Duration.ofSeconds(5)));
  }

  /// A scene of fetches from a replicated pool, whose primary is `a` and whose replicas are `b` and
  /// `c`.
  public static ExchangeScene replicated() {
    return new ExchangeScene(RequestFixture.fetch().storage(Storage.REPLICATED, "a", "b", "c"));
  }

  /// A list of refs with the branch `main` only, for [#tips].
  public static RefTips listOfMain(ObjectId tip) {
    return new RefTips.Builder().add("refs/heads/main", tip).build();
  }

  public Permit permit() throws RefusalException {
    return policy.authorise(fixture.request(), fixture.placement(), fixture.principal());
  }

  public RepositoryAsker asker() throws RefusalException {
    return router.routes(permit()).asker();
  }

  /// Answers the request of a client.
  public Answer answer(Client client) throws RefusalException, IOException {
    return exchanges.answer(router.routes(permit()), client);
  }

  /// Answers the request of a client and returns the refusal that it ends with.
  public RefusalException refusal(RecordingClient client) throws IOException {
    try {
      Answer answer = answer(client);
      throw new AssertionError("the request was not refused: " + answer);
    } catch (RefusalException refused) {
      return refused;
    }
  }

  /// Lets one probe of this node fail: then failures that may depend on the request count, too.
  public void failProbe(String node) {
    nodes.health(RequestFixture.node(node)).probeFailed("silent");
  }

  public boolean isDown(String node) {
    return nodes.health(RequestFixture.node(node)).state() == NodeState.DOWN;
  }
}
