package packhorse.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import packhorse.placement.Backend;
import packhorse.placement.Pool;
import packhorse.placement.Storage;
import packhorse.policy.CidrBlock;

/// Nodes of one kind that serve the same repositories.
///
/// @param backend the kind of the nodes' software
/// @param primary the node that takes the writes; present if and only if storage is replicated
/// @param caFile the certificates that sign the nodes' certificates; empty for the authorities that
///   the Java runtime trusts
/// @param knownHostsFile the nodes' SSH host keys
/// @param authentication who verifies a credential that is presented over HTTP; an SSH key is
///   always verified by the proxy
/// @param dumbHttp whether files of the dumb protocol and pages are relayed
/// @param offerV2 whether the proxy speaks protocol v2 to clients and v0 to the nodes
/// @param actAs the identity that a node sees if the proxy verified the client
/// @param plainHttp the addresses of nodes at `http://` that may be sent identity headers and
///   service credentials
public record PoolSettings(
    String name,
    Backend backend,
    Storage storage,
    Optional<String> primary,
    List<NodeSettings> nodes,
    Optional<Path> caFile,
    Optional<Path> knownHostsFile,
    Pool.Authentication authentication,
    boolean dumbHttp,
    boolean offerV2,
    ActAsSettings actAs,
    List<CidrBlock> plainHttp,
    ProbeSettings probe) {

  /// Whether a node learns who the client of an HTTP request is.
  public boolean nodesSeeHttpUser() {
    return authentication == Pool.Authentication.NODE || nodesSeeSshUser();
  }

  /// Whether a node learns who the client of an SSH request is.
  public boolean nodesSeeSshUser() {
    return actAs instanceof ActAsSettings.ActAsHeader;
  }
}
