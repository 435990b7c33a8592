package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import packhorse.kit.FakeTicker;
import packhorse.kit.RequestFixture;
import packhorse.placement.Storage;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;

/// Which nodes are selected for reads, fetches and pushes, and in which order.
final class PermittedRoutesTest {
  private static final HealthThresholds THRESHOLDS =
      new HealthThresholds(1, 1, Duration.ZERO, Optional.empty());
  private static final ObjectId ONE = new ObjectId("1".repeat(40));
  private static final ObjectId TWO = new ObjectId("2".repeat(40));

  private final FakeTicker nanos = new FakeTicker();

  private Nodes nodes(List<Node> all) {
    return new Nodes(all, pool -> THRESHOLDS, nanos);
  }

  private static Node weighted(String name, int weight) {
    return new Node(name, "main", URI.create("http://" + name + ".test"), weight);
  }

  private static Map<String, Integer> turns(
      RoundRobin roundRobin, Collection<NodeHealth> candidates, int count) {
    Map<String, Integer> turns = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String selected = roundRobin.next(List.copyOf(candidates)).orElseThrow().node().name();
      turns.merge(selected, 1, Integer::sum);
    }
    return turns;
  }

  @Test
  void two_hundred_turns_are_distributed_evenly() {
    Nodes three = nodes(List.of(weighted("a", 1), weighted("b", 1), weighted("c", 1)));
    assertThat(turns(new RoundRobin(), three.all(), 200).values())
        .allMatch(turns -> Math.abs(turns - 200 / 3.0) <= 200 / 3.0 * 0.05);
  }

  @Test
  void turns_follow_weights_and_are_spread_out() {
    Nodes two = nodes(List.of(weighted("big", 3), weighted("small", 1)));
    assertThat(turns(new RoundRobin(), two.all(), 200)).isEqualTo(Map.of("big", 150, "small", 50));
    RoundRobin roundRobin = new RoundRobin();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      order.add(roundRobin.next(List.copyOf(two.all())).orElseThrow().node().name());
    }
    assertThat(String.join(" ", order)).doesNotContain("small small", "big big big big");
  }

  @Test
  void a_node_that_was_down_does_not_catch_up_on_its_turns() {
    Nodes three = nodes(List.of(weighted("a", 1), weighted("b", 1), weighted("c", 1)));
    List<NodeHealth> all = List.copyOf(three.all());
    RoundRobin roundRobin = new RoundRobin();
    turns(roundRobin, all, 10);
    turns(roundRobin, all.subList(0, 2), 1000);
    assertThat(turns(roundRobin, all, 30).get("c")).isBetween(9, 12);
  }

  @Test
  void rendezvous_hashing_is_stable_and_removing_a_node_moves_only_its_own_repositories() {
    List<NodeHealth> all =
        List.copyOf(nodes(List.of(weighted("a", 1), weighted("b", 1), weighted("c", 1))).all());
    List<NodeHealth> remaining = all.subList(0, 2);
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      String name = "acme/app" + i;
      String first = RendezvousHash.order(name, all).getFirst().node().name();
      shares.merge(first, 1, Integer::sum);
      assertThat(RendezvousHash.order(name, all.reversed()).getFirst().node().name())
          .isEqualTo(first);
      if (!first.equals("c")) {
        assertThat(RendezvousHash.order(name, remaining).getFirst().node().name()).isEqualTo(first);
      }
    }
    assertThat(shares.values()).allMatch(share -> share > 900 && share < 1100);
    // This order is fixed: a new version must not move repositories between separate nodes.
    assertThat(RendezvousHash.order("acme/app", all).stream().map(n -> n.node().name()))
        .containsExactly("b", "a", "c");
  }

  /// A pool of three nodes with its round-robin state.
  private final class Pool {
    private final RequestFixture fixture;
    private final Nodes nodes;
    private final AdvertisedTips tips = new AdvertisedTips();
    private final Router router;

    Pool(Storage storage) {
      fixture = RequestFixture.fetch().storage(storage, "a", "b", "c");
      nodes = nodes(fixture.poolNodes());
      router = RequestFixture.router(nodes, tips);
    }

    PermittedRoutes routes() {
      return router.routes(fixture.permit());
    }

    PermittedRoutes routes(String repository) {
      return router.routes(fixture.repository(repository).permit());
    }

    PermittedRoutes routesOnlyTo(String... names) {
      return router.routes(fixture.placedOn(names).permit());
    }

    void takeDown(String... names) {
      for (String name : names)
        nodes.health(RequestFixture.node(name)).requestFailed("down", false);
    }

    void recordMissing(String node, ObjectId... ids) {
      tips.recordMissing(fixture.asker(), RequestFixture.node(node), List.of(ids));
    }
  }

  private static List<String> names(Route route) {
    return route.nodes().stream().map(Node::name).toList();
  }

  @Test
  void reads_rotate_and_every_other_node_that_is_up_is_an_alternate() throws RefusalException {
    Pool pool = new Pool(Storage.SHARED);
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Route route = pool.routes().read();
      assertThat(names(route)).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(route.retryable()).isTrue();
      first.add(names(route).getFirst());
    }
    assertThat(first).hasSize(3);
    pool.takeDown("b");
    assertThat(names(pool.routes().read())).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void turns_of_packs_are_counted_separately_from_those_of_other_reads() throws RefusalException {
    Pool pool = new Pool(Storage.SHARED);
    Map<String, Integer> packs = new HashMap<>();
    // A clone with a password takes three requests, one of which gets a pack.
    for (int i = 0; i < 201; i++) {
      pool.routes().read();
      pool.routes().read();
      packs.merge(names(pool.routes().fetch(List.of(ONE))).getFirst(), 1, Integer::sum);
    }
    assertThat(packs.values()).containsOnly(67);
  }

  @Test
  void pushes_to_a_repository_go_to_one_node_and_are_not_retryable() throws RefusalException {
    Pool pool = new Pool(Storage.SHARED);
    Route route = pool.routes().write();
    assertThat(route.retryable()).isFalse();
    assertThat(names(pool.routes().write())).isEqualTo(names(route));
    assertThat(names(pool.routes("acme/app.wiki").write())).isEqualTo(names(route));
    pool.takeDown(names(route).getFirst());
    assertThat(names(pool.routes().write())).isEqualTo(names(route).subList(1, 3));
  }

  @Test
  void writes_of_a_replicated_pool_go_to_the_primary_only_and_reads_work_without_the_primary()
      throws RefusalException {
    Pool pool = new Pool(Storage.REPLICATED);
    assertThat(names(pool.routes().write())).containsExactly("a");
    pool.takeDown("a");
    assertDown(() -> pool.routes().write(), "primary");
    assertThat(names(pool.routes().read())).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void in_a_separate_pool_every_request_for_a_repository_and_its_wiki_goes_to_its_owner()
      throws RefusalException {
    Pool pool = new Pool(Storage.SEPARATE);
    String owner = names(pool.routes().read()).getFirst();
    assertThat(names(pool.routes().fetch(List.of(ONE)))).containsExactly(owner);
    assertThat(names(pool.routes().write())).containsExactly(owner);
    assertThat(names(pool.routes("acme/app.wiki").write())).containsExactly(owner);
    pool.takeDown(owner);
    assertDown(() -> pool.routes().read(), "down");
    assertDown(() -> pool.routes().write(), "down");
  }

  @Test
  void a_pool_without_any_node_up_is_refused_with_a_message() {
    Pool pool = new Pool(Storage.SHARED);
    pool.takeDown("a", "b", "c");
    assertDown(() -> pool.routes().read(), "no node");
    assertDown(() -> pool.routes().fetch(List.of(ONE)), "no node");
    assertDown(() -> pool.routes().write(), "no node");
  }

  @Test
  void a_draining_node_gets_no_new_work() throws RefusalException {
    Pool pool = new Pool(Storage.SHARED);
    pool.nodes.health(RequestFixture.node("a")).setDraining(true);
    assertThat(names(pool.routes().read())).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void the_primary_serves_the_ref_advertisements_of_a_replicated_repository()
      throws RefusalException {
    Pool pool = new Pool(Storage.REPLICATED);
    for (int i = 0; i < 3; i++) {
      assertThat(names(pool.routes().read()).getFirst()).isEqualTo("a");
    }
    pool.takeDown("a");
    assertThat(pool.routes().read().reason()).contains("may be old");
  }

  @Test
  void a_route_without_the_primary_says_why() throws RefusalException {
    Pool pool = new Pool(Storage.REPLICATED);
    pool.takeDown("a");
    assertThat(pool.routes().read().reason()).contains("the primary is down");
    assertDown(() -> pool.routes().write(), "the primary of this repository is down");
    Pool drained = new Pool(Storage.REPLICATED);
    drained.nodes.health(RequestFixture.node("a")).setDraining(true);
    assertThat(drained.routes().read().reason()).contains("the primary is being drained");
    assertDown(() -> drained.routes().write(), "the primary of this repository is being drained");
    PermittedRoutes withoutPrimary = drained.routesOnlyTo("b", "c");
    assertThat(withoutPrimary.read().reason()).contains("the primary is not in its placement");
    assertThat(withoutPrimary.replicaRead().orElseThrow().reason())
        .contains("not in its placement");
  }

  @Test
  void packs_of_a_replicated_repository_rotate_and_the_primary_is_the_last_alternate()
      throws RefusalException {
    Pool pool = new Pool(Storage.REPLICATED);
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      List<String> order = names(pool.routes().fetch(List.of(ONE)));
      first.add(order.getFirst());
      assertThat(order).containsExactlyInAnyOrder("a", "b", "c");
      if (!order.getFirst().equals("a")) assertThat(order.getLast()).isEqualTo("a");
    }
    assertThat(first).hasSize(3);
  }

  @Test
  void a_replica_that_recently_lacked_a_wanted_object_is_not_tried_first() throws RefusalException {
    Pool pool = new Pool(Storage.REPLICATED);
    pool.recordMissing("b", ONE);
    for (int i = 0; i < 6; i++) {
      assertThat(names(pool.routes().fetch(List.of(ONE, TWO))).getFirst()).isNotEqualTo("b");
    }
    Set<String> others = new HashSet<>();
    for (int i = 0; i < 6; i++) others.add(names(pool.routes().fetch(List.of(TWO))).getFirst());
    assertThat(others).contains("b");
    assertThat(names(pool.routes("acme/other").fetch(List.of(ONE)))).hasSize(3);
    pool.recordMissing("a", ONE);
    pool.recordMissing("c", ONE);
    assertThat(names(pool.routes().fetch(List.of(ONE)))).hasSize(3);
  }

  @Test
  void nodes_of_two_pools_may_have_the_same_name() {
    Node other = new Node("a", "lab", URI.create("http://lab.test"), 1);
    Nodes both = nodes(List.of(RequestFixture.node("a"), other));
    both.health(other).requestFailed("down", false);
    assertThat(both.all()).hasSize(2);
    assertThat(both.health(RequestFixture.node("a")).state()).isEqualTo(NodeState.UP);
    assertThat(both.health(other).state()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void a_route_describes_itself() {
    Route route =
        new Route(
            List.of(RequestFixture.node("b"), RequestFixture.node("a")), true, "read, its turn");
    assertThat(route.describe()).isEqualTo("b (read, its turn); else a");
  }

  private interface Selection {
    Route select() throws RefusalException;
  }

  private static void assertDown(Selection selection, String message) {
    assertThatThrownBy(selection::select)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refused -> {
              assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.NODE_DOWN);
              assertThat(refused.refusal().message()).contains(message);
            });
  }
}
