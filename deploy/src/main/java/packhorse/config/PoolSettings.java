package packhorse.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Nodes of one kind that serve the same repositories.
///
/// @param primary the node that takes the writes; there where storage is replicated, and only there
/// @param ca what signs the nodes' certificates; empty: whom the Java runtime trusts
/// @param knownHosts the nodes' SSH host keys
/// @param dumbHttp relay every GET and HEAD that is no smart request
/// @param offerV2 speak protocol v2 to clients and v0 to the nodes
/// @param actAs whom a node sees when we did the checking
/// @param plainHttp where nodes at `http://` may be sent identity headers and service credentials
public record PoolSettings(
    String name,
    Kind kind,
    Storage storage,
    Optional<String> primary,
    List<NodeSettings> nodes,
    Optional<Path> ca,
    Optional<Path> knownHosts,
    Authentication authentication,
    boolean dumbHttp,
    boolean offerV2,
    ActAs actAs,
    List<Cidr> plainHttp,
    ProbeSettings probe) {

  /// The software on a pool's nodes. Only `plain` is built; the others are refused by name.
  public enum Kind {
    GOGS,
    GITEA,
    GITLAB,
    PLAIN
  }

  /// How the nodes of a pool keep their repositories.
  public enum Storage {
    /// One disk: any node reads and writes.
    SHARED,
    /// The primary takes the writes, the others may lag.
    REPLICATED,
    /// Each repository is on one node.
    SEPARATE
  }

  /// Who checks an HTTP credential; an SSH key is always checked by the proxy.
  public enum Authentication {
    NODE,
    PROXY
  }

  /// Whether a node learns who the client is, for what came over HTTP.
  boolean seesHttpUser() {
    return authentication == Authentication.NODE || seesSshUser();
  }

  /// Whether a node learns who the client is, for what came over SSH.
  boolean seesSshUser() {
    return actAs instanceof ActAs.Header;
  }
}
