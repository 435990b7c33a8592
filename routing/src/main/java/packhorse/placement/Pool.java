package packhorse.placement;

import java.util.List;
import java.util.Optional;

/// What the configuration says of nodes that serve the same repositories. Immutable; the nodes'
/// state is kept in {@code packhorse.node}.
///
/// @param nodes their names, in the order of the configuration
/// @param primary who takes the writes of a replicated pool
/// @param checking who checks what a client shows over HTTP
/// @param files whether files of repositories are served too (the dumb protocol)
/// @param offersV2 whether clients are offered protocol v2 by nodes that are asked in v0
public record Pool(
    String name,
    Storage storage,
    List<String> nodes,
    Optional<String> primary,
    Checking checking,
    boolean files,
    boolean offersV2) {

  /// Who checks credentials shown over HTTP; keys over SSH are always checked by the proxy.
  public enum Checking {
    NODE,
    PROXY
  }

  public Pool {
    nodes = List.copyOf(nodes);
  }
}
