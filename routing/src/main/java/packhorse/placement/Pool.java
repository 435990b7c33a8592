package packhorse.placement;

import java.util.List;
import java.util.Optional;

/// A group of nodes that serve the same repositories, as the configuration describes it. Immutable;
/// the health of the nodes is kept in `packhorse.node`.
///
/// @param backend the software of the nodes
/// @param storage whether the nodes share a disk, replicate, or each have repositories of their own
/// @param nodeNames the names of the nodes, in the order of the configuration
/// @param primary the node that takes the writes of a replicated pool; empty for other pools
/// @param authentication who verifies the credentials of HTTP clients
/// @param servesDumbHttp whether requests for files of a repository (the dumb protocol) are served
/// @param offersV2 whether clients are offered protocol v2 although the nodes are sent v0 requests
public record Pool(
    String name,
    Backend backend,
    Storage storage,
    List<String> nodeNames,
    Optional<String> primary,
    Authentication authentication,
    boolean servesDumbHttp,
    boolean offersV2) {

  /// Who verifies credentials that are sent over HTTP. Keys used over SSH are always verified by
  /// the proxy.
  public enum Authentication {
    NODE,
    PROXY
  }

  public Pool {
    nodeNames = List.copyOf(nodeNames);
  }

  /// Whether another node may serve the reads that one node does not serve.
  public boolean hasAlternatives() {
    return storage != Storage.SEPARATE;
  }

  /// Whether the pool has a primary and replicas that may lag behind it, so that one node may have
  /// objects that another does not have yet.
  public boolean isReplicated() {
    return storage == Storage.REPLICATED;
  }

  /// Whether a node takes the writes of this pool, which is replicated.
  ///
  /// @param node its name
  public boolean isPrimary(String node) {
    return primary.filter(node::equals).isPresent();
  }

  /// Whether the HTTP clients of this pool are authenticated by the proxy, rather than by the node.
  public boolean isAuthenticatedByProxy() {
    return authentication == Authentication.PROXY;
  }
}
