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
import packhorse.kit.Nanos;
import packhorse.kit.Sample;
import packhorse.placement.Storage;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.ObjectId;

/// Whose turn it is, and who takes what.
final class ChoosingTest {
  private static final Thresholds THRESHOLDS =
      new Thresholds(1, 1, Duration.ZERO, Optional.empty());
  private static final ObjectId ONE = new ObjectId("1".repeat(40));
  private static final ObjectId TWO = new ObjectId("2".repeat(40));

  private final Nanos nanos = new Nanos();

  private Nodes nodes(List<Node> all) {
    return new Nodes(all, pool -> THRESHOLDS, nanos);
  }

  private static Node weighing(String name, int weight) {
    return new Node(name, "main", URI.create("http://" + name + ".test"), weight);
  }

  private static Map<String, Integer> turns(RoundRobin robin, Collection<NodeHealth> all, int n) {
    Map<String, Integer> turns = new HashMap<>();
    for (int i = 0; i < n; i++) {
      String chosen = robin.next(List.copyOf(all)).orElseThrow().node().name();
      turns.merge(chosen, 1, Integer::sum);
    }
    return turns;
  }

  @Test
  void two_hundred_turns_are_shared_evenly() {
    Nodes three = nodes(List.of(weighing("a", 1), weighing("b", 1), weighing("c", 1)));
    assertThat(turns(new RoundRobin(), three.all(), 200).values())
        .allMatch(turns -> Math.abs(turns - 200 / 3.0) <= 200 / 3.0 * 0.05);
  }

  @Test
  void turns_follow_weights_and_are_spread_out() {
    Nodes two = nodes(List.of(weighing("big", 3), weighing("small", 1)));
    assertThat(turns(new RoundRobin(), two.all(), 200)).isEqualTo(Map.of("big", 150, "small", 50));
    RoundRobin robin = new RoundRobin();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      order.add(robin.next(List.copyOf(two.all())).orElseThrow().node().name());
    }
    assertThat(String.join(" ", order)).doesNotContain("small small", "big big big big");
  }

  @Test
  void a_node_that_was_away_does_not_catch_up() {
    Nodes three = nodes(List.of(weighing("a", 1), weighing("b", 1), weighing("c", 1)));
    List<NodeHealth> all = List.copyOf(three.all());
    RoundRobin robin = new RoundRobin();
    turns(robin, all, 10);
    turns(robin, all.subList(0, 2), 1000);
    assertThat(turns(robin, all, 30).get("c")).isBetween(9, 12);
  }

  @Test
  void every_proxy_puts_the_nodes_in_the_same_order_and_one_that_goes_moves_only_its_own() {
    List<NodeHealth> all =
        List.copyOf(nodes(List.of(weighing("a", 1), weighing("b", 1), weighing("c", 1))).all());
    List<NodeHealth> less = all.subList(0, 2);
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      String name = "acme/app" + i;
      String first = Rendezvous.order(name, all).getFirst().node().name();
      shares.merge(first, 1, Integer::sum);
      assertThat(Rendezvous.order(name, all.reversed()).getFirst().node().name()).isEqualTo(first);
      if (!first.equals("c")) {
        assertThat(Rendezvous.order(name, less).getFirst().node().name()).isEqualTo(first);
      }
    }
    assertThat(shares.values()).allMatch(share -> share > 900 && share < 1100);
    // pinned: a new version must not move repositories of separate nodes
    assertThat(Rendezvous.order("acme/app", all).stream().map(n -> n.node().name()))
        .containsExactly("b", "a", "c");
  }

  /// A pool of three with its counters.
  private final class Pool {
    private final Sample sample;
    private final Nodes nodes;
    private final AdvertisedTips tips = new AdvertisedTips();
    private final Router router;

    Pool(Storage storage) {
      sample = Sample.fetch().storage(storage, "a", "b", "c");
      nodes = nodes(sample.machines());
      router = new Router(nodes, tips);
    }

    Routes routes() {
      return router.routes(sample.permit());
    }

    Routes routes(String repository) {
      return router.routes(sample.repository(repository).permit());
    }

    void down(String... names) {
      for (String name : names) nodes.health(Sample.node(name)).failed("down");
    }

    void missed(String node, ObjectId... ids) {
      tips.missed(sample.permit(), Sample.node(node), List.of(ids));
    }
  }

  private static List<String> names(Route route) {
    return route.nodes().stream().map(Node::name).toList();
  }

  @Test
  void a_read_takes_its_turn_and_everybody_who_is_up_is_an_alternate() throws Refused {
    Pool pool = new Pool(Storage.SHARED);
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Route route = pool.routes().read();
      assertThat(names(route)).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(route.repeatable()).isTrue();
      first.add(names(route).getFirst());
    }
    assertThat(first).hasSize(3);
    pool.down("b");
    assertThat(names(pool.routes().read())).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void packs_have_turns_of_their_own() throws Refused {
    Pool pool = new Pool(Storage.SHARED);
    Map<String, Integer> packs = new HashMap<>();
    // a clone with a password: three requests, one pack
    for (int i = 0; i < 201; i++) {
      pool.routes().read();
      pool.routes().read();
      packs.merge(names(pool.routes().fetch(List.of(ONE))).getFirst(), 1, Integer::sum);
    }
    assertThat(packs.values()).containsOnly(67);
  }

  @Test
  void a_push_goes_to_one_node_and_is_not_repeatable() throws Refused {
    Pool pool = new Pool(Storage.SHARED);
    Route route = pool.routes().write();
    assertThat(route.repeatable()).isFalse();
    assertThat(names(pool.routes().write())).isEqualTo(names(route));
    assertThat(names(pool.routes("acme/app.wiki").write())).isEqualTo(names(route));
    pool.down(names(route).getFirst());
    assertThat(names(pool.routes().write())).isEqualTo(names(route).subList(1, 3));
  }

  @Test
  void replicated_writes_go_to_the_primary_only_and_reads_go_on_without_it() throws Refused {
    Pool pool = new Pool(Storage.REPLICATED);
    assertThat(names(pool.routes().write())).containsExactly("a");
    pool.down("a");
    assertDown(() -> pool.routes().write(), "primary");
    assertThat(names(pool.routes().read())).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void a_separate_repository_is_on_its_node_for_everything_and_takes_its_wiki_along()
      throws Refused {
    Pool pool = new Pool(Storage.SEPARATE);
    String owner = names(pool.routes().read()).getFirst();
    assertThat(names(pool.routes().fetch(List.of(ONE)))).containsExactly(owner);
    assertThat(names(pool.routes().write())).containsExactly(owner);
    assertThat(names(pool.routes("acme/app.wiki").write())).containsExactly(owner);
    pool.down(owner);
    assertDown(() -> pool.routes().read(), "down");
    assertDown(() -> pool.routes().write(), "down");
  }

  @Test
  void nobody_up_is_said_in_words() {
    Pool pool = new Pool(Storage.SHARED);
    pool.down("a", "b", "c");
    assertDown(() -> pool.routes().read(), "no node");
    assertDown(() -> pool.routes().fetch(List.of(ONE)), "no node");
    assertDown(() -> pool.routes().write(), "no node");
  }

  @Test
  void a_draining_node_gets_no_new_work() throws Refused {
    Pool pool = new Pool(Storage.SHARED);
    pool.nodes.health(Sample.node("a")).drain(true);
    assertThat(names(pool.routes().read())).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void refs_of_a_replicated_repository_are_listed_by_the_primary() throws Refused {
    Pool pool = new Pool(Storage.REPLICATED);
    for (int i = 0; i < 3; i++) {
      assertThat(names(pool.routes().read()).getFirst()).isEqualTo("a");
      assertThat(pool.routes().mayBeOld()).isFalse();
    }
    pool.down("a");
    assertThat(pool.routes().mayBeOld()).isTrue();
    assertThat(pool.routes().read().why()).contains("may be old");
  }

  @Test
  void packs_come_from_replicas_in_turn_and_the_primary_is_the_last_to_be_asked_again()
      throws Refused {
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
  void a_replica_that_lately_lacked_what_is_wanted_is_not_asked_first() throws Refused {
    Pool pool = new Pool(Storage.REPLICATED);
    pool.missed("b", ONE);
    for (int i = 0; i < 6; i++) {
      assertThat(names(pool.routes().fetch(List.of(ONE, TWO))).getFirst()).isNotEqualTo("b");
    }
    Set<String> others = new HashSet<>();
    for (int i = 0; i < 6; i++) others.add(names(pool.routes().fetch(List.of(TWO))).getFirst());
    assertThat(others).contains("b");
    assertThat(names(pool.routes("acme/other").fetch(List.of(ONE)))).hasSize(3);
    pool.missed("a", ONE);
    pool.missed("c", ONE);
    assertThat(names(pool.routes().fetch(List.of(ONE)))).hasSize(3);
  }

  @Test
  void nodes_of_two_pools_may_have_one_name() {
    Node other = new Node("a", "lab", URI.create("http://lab.test"), 1);
    Nodes both = nodes(List.of(Sample.node("a"), other));
    both.health(other).failed("down");
    assertThat(both.all()).hasSize(2);
    assertThat(both.health(Sample.node("a")).state()).isEqualTo(State.UP);
    assertThat(both.health(other).state()).isEqualTo(State.DOWN);
  }

  @Test
  void a_route_says_itself_in_words() {
    Route route = new Route(List.of(Sample.node("b"), Sample.node("a")), true, "read, its turn");
    assertThat(route.describe()).isEqualTo("b (read, its turn); else a");
  }

  private interface Choice {
    Route choose() throws Refused;
  }

  private static void assertDown(Choice choice, String word) {
    assertThatThrownBy(choice::choose)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.NODE_DOWN);
              assertThat(refused.refusal().sentence()).contains(word);
            });
  }
}
