package packhorse.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import packhorse.placement.Placement;
import packhorse.placement.RepositoryName;
import packhorse.placement.Storage;
import packhorse.policy.Permit;
import packhorse.request.Operation;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;
import packhorse.wire.fetch.Fetch;

/// Selects the nodes for the requests that one permit allows. Created by [Router] for one client
/// request; called by its exchange, once the client's git request is known. Used on the thread of
/// the client's request.
public final class PermittedRoutes {
  private final Permit permit;
  private final RepositoryAsker asker;
  private final Nodes nodes;
  private final AdvertisedTips tips;
  private final Router.RoundRobins roundRobins;
  private final Set<Node> excluded;

  PermittedRoutes(
      Permit permit,
      RepositoryAsker asker,
      Nodes nodes,
      AdvertisedTips tips,
      Router.RoundRobins roundRobins) {
    this(permit, asker, nodes, tips, roundRobins, Set.of());
  }

  private PermittedRoutes(
      Permit permit,
      RepositoryAsker asker,
      Nodes nodes,
      AdvertisedTips tips,
      Router.RoundRobins roundRobins,
      Set<Node> excluded) {
    this.permit = permit;
    this.asker = asker;
    this.nodes = nodes;
    this.tips = tips;
    this.roundRobins = roundRobins;
    this.excluded = excluded;
  }

  /// The permit that these routes belong to.
  public Permit permit() {
    return permit;
  }

  /// The repository of the permit and who asks for it: the key of what the proxy remembers.
  public RepositoryAsker asker() {
    return asker;
  }

  /// The names of the nodes that reads may lead to, whether they are up or not.
  public List<String> nodeNames() {
    return allNodes().stream().map(node -> node.node().name()).toList();
  }

  /// Returns routes for reads that do not lead to this node, because it has just failed; empty if
  /// no other node could answer.
  public Optional<PermittedRoutes> without(Node node) {
    Set<Node> more = new HashSet<>(excluded);
    if (!more.add(node)) return Optional.empty();
    PermittedRoutes others =
        new PermittedRoutes(permit, asker, nodes, tips, roundRobins, Set.copyOf(more));
    boolean possible =
        storage() != Storage.SEPARATE && others.allNodes().stream().anyMatch(others::isUp);
    return possible ? Optional.of(others) : Optional.empty();
  }

  /// Whether a list of refs that this node is slow to send may be asked from another node, too. Not
  /// from a replica if this is the primary, because only the primary certainly has the current
  /// refs.
  public boolean hasAlternativeTo(Node node) {
    return !isPrimary(node) && without(node).isPresent();
  }

  /// Selects the node for a read that is not a fetch of a pack. Where replicas may lag, the primary
  /// comes first, because only the primary certainly has the current refs.
  ///
  /// @throws RefusalException with [Refusal.Kind#NODE_DOWN] if no node is up
  public Route read() throws RefusalException {
    return switch (storage()) {
      case SHARED -> route(rotated(upNodes(), roundRobins.reads()), true, "read, its turn");
      case SEPARATE -> ownerRoute("read");
      case REPLICATED -> primaryFirst(rotated(upNodes(), roundRobins.reads()));
    };
  }

  private Route primaryFirst(List<NodeHealth> candidates) {
    List<NodeHealth> ordered =
        new ArrayList<>(candidates.stream().filter(this::isPrimary).toList());
    boolean primaryIsUp = !ordered.isEmpty();
    candidates.stream().filter(node -> !isPrimary(node)).forEach(ordered::add);
    return route(
        ordered, true, primaryIsUp ? "read, primary" : "read, " + whyNoPrimary() + ": may be old");
  }

  /// Whether nodes may differ, because replicas may lag behind the primary.
  public boolean isReplicated() {
    return storage() == Storage.REPLICATED;
  }

  /// The route to the primary alone, for a read; empty if the primary is not up, or if the
  /// repository is not placed on it.
  public Optional<Route> primaryRead() {
    return allNodes().stream()
        .filter(node -> isPrimary(node) && isUp(node))
        .findFirst()
        .map(primary -> route(List.of(primary), true, "read, primary"));
  }

  /// The route to the replicas, in round-robin order, for a read that the primary did not answer;
  /// empty if none is up. What they answer may be old.
  public Optional<Route> replicaRead() {
    List<NodeHealth> replicas = allNodes();
    replicas.removeIf(node -> isPrimary(node) || !isUp(node));
    if (replicas.isEmpty()) return Optional.empty();
    String reason = primaryRead().isPresent() ? "the primary failed" : whyNoPrimary();
    return Optional.of(
        route(rotated(replicas, roundRobins.reads()), true, "read, " + reason + ": may be old"));
  }

  private String whyNoPrimary() {
    Placement placement = permit.placement();
    if (excluded.stream().anyMatch(this::isPrimary)) return "the primary failed";
    if (placement.nodeNames().stream().noneMatch(placement.pool()::isPrimary)) {
      return "the primary is not in its placement";
    }
    boolean draining = allNodes().stream().anyMatch(node -> isPrimary(node) && isDraining(node));
    return draining ? "the primary is being drained" : "the primary is down";
  }

  private static boolean isDraining(NodeHealth node) {
    return node.state() == NodeState.DRAINING;
  }

  /// Selects the node for a pack, in round-robin order. A node that recently lacked a wanted object
  /// is not tried first. Where replicas may lag, a node that lacks an object reports so before it
  /// sends a pack, and the next node is tried; the primary is the last alternate.
  ///
  /// @throws RefusalException with [Refusal.Kind#NODE_DOWN] if no node is up
  public Route fetch(Collection<ObjectId> wants) throws RefusalException {
    return switch (storage()) {
      case SHARED -> route(rotated(upNodes(), roundRobins.packs()), true, "fetch, its turn");
      case SEPARATE -> ownerRoute("fetch");
      case REPLICATED -> primaryLast(wants);
    };
  }

  /// Selects the node for a fetch. If the fetch names refs and replicas may lag, the primary comes
  /// first; otherwise this is the same as [#fetch(Collection)] with its wants.
  ///
  /// @throws RefusalException with [Refusal.Kind#NODE_DOWN] if no node is up
  public Route fetch(Fetch fetch) throws RefusalException {
    boolean needsPrimary = storage() == Storage.REPLICATED && fetch.dependsOnRefNames();
    return needsPrimary
        ? primaryFirst(rotated(upNodes(), roundRobins.packs()))
        : fetch(fetch.wants());
  }

  private Route primaryLast(Collection<ObjectId> wants) throws RefusalException {
    List<NodeHealth> candidates = upNodes();
    List<NodeHealth> complete =
        candidates.stream().filter(node -> !isMissing(node, wants)).toList();
    NodeHealth first =
        rotated(complete.isEmpty() ? candidates : complete, roundRobins.packs()).getFirst();
    List<NodeHealth> ordered = new ArrayList<>(List.of(first));
    for (boolean primary : new boolean[] {false, true}) {
      candidates.stream()
          .filter(node -> node != first && isPrimary(node) == primary)
          .forEach(ordered::add);
    }
    String remark = complete.size() == candidates.size() ? "" : ", others lack what is wanted";
    return route(ordered, true, "fetch, its turn" + remark);
  }

  private boolean isMissing(NodeHealth node, Collection<ObjectId> wants) {
    return tips.isMissing(asker, node.node(), wants);
  }

  /// Selects the node for a push. The advertisement and the commands of a push go to the same node.
  ///
  /// @throws RefusalException with [Refusal.Kind#NODE_DOWN] if the node that takes the writes is
  ///   down
  public Route write() throws RefusalException {
    return switch (storage()) {
      case SHARED ->
          route(RendezvousHash.order(repositoryName(), upNodes()), false, "write, by its name");
      case SEPARATE -> ownerRoute("write");
      case REPLICATED ->
          singleRoute(
              allNodes().stream().filter(this::isPrimary).toList(),
              "write, primary",
              "the primary of this repository",
              ": it can be read but not written");
    };
  }

  /// Selects the node for a page: the one to which the visitor's earlier pages went, as long as it
  /// is up, else one in turn.
  ///
  /// @param visitorsNode the name of the node of the earlier pages
  /// @param repeatable whether the page may be requested from another node if one fails
  /// @throws RefusalException with [Refusal.Kind#NODE_DOWN] if no node is up
  public Route page(Optional<String> visitorsNode, boolean repeatable) throws RefusalException {
    boolean writes = permit.request().operation() == Operation.WRITE;
    if (isReplicated() && writes) return write();
    if (storage() == Storage.SEPARATE && permit.placement().repository().isPresent()) {
      return ownerRoute("page");
    }
    List<NodeHealth> up = upNodes();
    Optional<NodeHealth> earlier =
        up.stream()
            .filter(node -> visitorsNode.filter(node.node().name()::equals).isPresent())
            .findFirst();
    List<NodeHealth> ordered = new ArrayList<>(earlier.map(List::of).orElse(List.of()));
    if (ordered.isEmpty()) ordered.addAll(rotated(up, roundRobins.pages()));
    up.stream().filter(node -> !ordered.contains(node)).forEach(ordered::add);
    boolean retryable = repeatable && storage() != Storage.SEPARATE;
    return route(
        ordered, retryable, earlier.isPresent() ? "page, the visitor's" : "page, its turn");
  }

  private Route ownerRoute(String operation) throws RefusalException {
    return singleRoute(
        RendezvousHash.order(repositoryName(), allNodes()),
        operation + ", its owner",
        "the node that serves this repository",
        "");
  }

  /// A route to the first of these nodes alone.
  ///
  /// @param role what that node is, for the refusal if it is not up
  /// @param consequence how that refusal ends
  private Route singleRoute(
      List<NodeHealth> ordered, String reason, String role, String consequence)
      throws RefusalException {
    Optional<NodeHealth> first = ordered.stream().findFirst();
    Optional<NodeHealth> up = first.filter(this::isUp);
    if (up.isPresent()) return route(List.of(up.get()), false, reason);
    boolean draining = first.filter(PermittedRoutes::isDraining).isPresent();
    String state = draining ? " is being drained" : " is down";
    throw new RefusalException(Refusal.nodeDown(role + state + consequence));
  }

  /// The candidates, with the one that the round-robin selects in front.
  private List<NodeHealth> rotated(List<NodeHealth> candidates, RoundRobin roundRobin) {
    Optional<NodeHealth> selected = roundRobin.next(candidates);
    List<NodeHealth> ordered = new ArrayList<>(candidates.size());
    selected.ifPresent(ordered::add);
    for (NodeHealth node : candidates) if (!ordered.contains(node)) ordered.add(node);
    return ordered;
  }

  private static Route route(List<NodeHealth> ordered, boolean retryable, String reason) {
    List<Node> routeNodes = new ArrayList<>(ordered.size());
    for (NodeHealth node : ordered) routeNodes.add(node.node());
    return new Route(routeNodes, retryable, reason);
  }

  private List<NodeHealth> upNodes() throws RefusalException {
    List<NodeHealth> up = allNodes();
    up.removeIf(node -> !isUp(node));
    if (up.isEmpty())
      throw new RefusalException(Refusal.nodeDown("no node of this repository is up"));
    return up;
  }

  private boolean isUp(NodeHealth node) {
    return node.state() == NodeState.UP;
  }

  private List<NodeHealth> allNodes() {
    Placement placement = permit.placement();
    String pool = placement.pool().name();
    List<NodeHealth> all = new ArrayList<>(placement.nodeNames().size());
    for (String name : placement.nodeNames()) nodes.find(pool, name).ifPresent(all::add);
    all.removeIf(node -> excluded.contains(node.node()));
    return all;
  }

  private boolean isPrimary(NodeHealth node) {
    return isPrimary(node.node());
  }

  private boolean isPrimary(Node node) {
    return permit.placement().pool().isPrimary(node.name());
  }

  private Storage storage() {
    return permit.placement().pool().storage();
  }

  // A wiki is stored on the node of its repository.
  private String repositoryName() {
    return permit.placement().repository().map(RepositoryName::main).orElse("");
  }
}
