package packhorse.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import packhorse.placement.Placement;
import packhorse.placement.Storage;
import packhorse.policy.Permit;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Fetch;
import packhorse.wire.ObjectId;

/// The choices that one permit leaves: made by the {@link Router} for one request, asked by its
/// exchange once the question is known. Used on the request's thread.
public final class Routes {
  private final Permit permit;
  private final Nodes nodes;
  private final AdvertisedTips tips;
  private final Router.Turns turns;

  Routes(Permit permit, Nodes nodes, AdvertisedTips tips, Router.Turns turns) {
    this.permit = permit;
    this.nodes = nodes;
    this.tips = tips;
    this.turns = turns;
  }

  /// For what every node answers alike; where replicas may lag, what only the primary knows for
  /// sure: lists of refs, and all that names refs.
  ///
  /// @throws Refused with {@link Refusal.Kind#NODE_DOWN} when none is up
  public Route read() throws Refused {
    return switch (storage()) {
      case SHARED -> route(turn(up(), turns.others()), true, "read, its turn");
      case SEPARATE -> owner("read");
      case REPLICATED -> primaryFirst(turn(up(), turns.others()));
    };
  }

  private Route primaryFirst(List<NodeHealth> up) {
    List<NodeHealth> order = new ArrayList<>(up.stream().filter(this::primary).toList());
    boolean sure = !order.isEmpty();
    up.stream().filter(node -> !primary(node)).forEach(order::add);
    return route(order, true, sure ? "read, primary" : "read, the primary is down: may be old");
  }

  /// Whether the nodes of this repository may lag, and whoever would know is down.
  public boolean mayBeOld() throws Refused {
    return storage() == Storage.REPLICATED && up().stream().noneMatch(this::primary);
  }

  /// For a pack: any node in its turn, but nobody first who lately had not what is wanted. Replicas
  /// may lag: whoever has it not says so before the pack, and the next one is asked, the primary
  /// last.
  ///
  /// @throws Refused with {@link Refusal.Kind#NODE_DOWN} when no node is up
  public Route fetch(Collection<ObjectId> wants) throws Refused {
    return switch (storage()) {
      case SHARED -> route(turn(up(), turns.packs()), true, "fetch, its turn");
      case SEPARATE -> owner("fetch");
      case REPLICATED -> primaryLast(wants);
    };
  }

  /// The same for a fetch: one that names refs is asked of whoever knows them for sure.
  ///
  /// @throws Refused with {@link Refusal.Kind#NODE_DOWN} when no node is up
  public Route fetch(Fetch fetch) throws Refused {
    boolean sure = storage() == Storage.REPLICATED && fetch.namesRefs();
    return sure ? primaryFirst(turn(up(), turns.packs())) : fetch(fetch.wants());
  }

  private Route primaryLast(Collection<ObjectId> wants) throws Refused {
    List<NodeHealth> up = up();
    List<NodeHealth> able = up.stream().filter(node -> !lacks(node, wants)).toList();
    NodeHealth first = turn(able.isEmpty() ? up : able, turns.packs()).getFirst();
    List<NodeHealth> order = new ArrayList<>(List.of(first));
    for (boolean primaries : new boolean[] {false, true}) {
      up.stream().filter(node -> node != first && primary(node) == primaries).forEach(order::add);
    }
    String others = able.size() == up.size() ? "" : ", others lack what is wanted";
    return route(order, true, "fetch, its turn" + others);
  }

  private boolean lacks(NodeHealth node, Collection<ObjectId> wants) {
    return tips.missing(permit, node.node(), wants);
  }

  /// For a push, advertisement and commands alike: the same node for both.
  ///
  /// @throws Refused with {@link Refusal.Kind#NODE_DOWN} when whoever takes the writes is down
  public Route write() throws Refused {
    return switch (storage()) {
      case SHARED -> route(Rendezvous.order(name(), up()), false, "write, by its name");
      case SEPARATE -> owner("write");
      case REPLICATED ->
          one(
              all().stream().filter(this::primary).toList(),
              "write, primary",
              "the primary of this repository is down: it can be read, and not written");
    };
  }

  private Route owner(String what) throws Refused {
    return one(
        Rendezvous.order(name(), all()),
        what + ", its owner",
        "the node that serves this repository is down");
  }

  private Route one(List<NodeHealth> candidates, String why, String down) throws Refused {
    Optional<NodeHealth> node = candidates.stream().findFirst().filter(this::up);
    if (node.isEmpty()) throw new Refused(Refusal.nodeDown(down));
    return route(List.of(node.get()), false, why);
  }

  private List<NodeHealth> turn(List<NodeHealth> eligible, RoundRobin counter) {
    Optional<NodeHealth> chosen = counter.next(eligible);
    List<NodeHealth> order = new ArrayList<>(eligible.size());
    chosen.ifPresent(order::add);
    for (NodeHealth node : eligible) if (!order.contains(node)) order.add(node);
    return order;
  }

  private static Route route(List<NodeHealth> order, boolean repeatable, String why) {
    List<Node> ordered = new ArrayList<>(order.size());
    for (NodeHealth node : order) ordered.add(node.node());
    return new Route(ordered, repeatable, why);
  }

  private List<NodeHealth> up() throws Refused {
    List<NodeHealth> up = all();
    up.removeIf(node -> !up(node));
    if (up.isEmpty()) throw new Refused(Refusal.nodeDown("no node of this repository is up"));
    return up;
  }

  private boolean up(NodeHealth node) {
    return node.state() == State.UP;
  }

  private List<NodeHealth> all() {
    Placement placement = permit.placement();
    String pool = placement.pool().name();
    List<NodeHealth> all = new ArrayList<>(placement.nodes().size());
    for (String name : placement.nodes()) nodes.named(pool, name).ifPresent(all::add);
    return all;
  }

  private boolean primary(NodeHealth node) {
    return permit.placement().pool().primary().filter(node.node().name()::equals).isPresent();
  }

  private Storage storage() {
    return permit.placement().pool().storage();
  }

  // a wiki lives where its repository does
  private String name() {
    return permit.request().repository().governing();
  }
}
