package packhorse.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The whole configuration as one immutable tree. It is read and checked by
/// `packhorse.config.read.SettingsReader`: every value is valid, defaults are filled in and paths
/// are absolute. `Assembly` builds the proxy from it; any thread may read it.
///
/// @param file the file that was read
/// @param sites the public names of the proxy; at least one
/// @param listeners the addresses on which the proxy listens; at least one
/// @param controlSocket the socket for the commands that talk to a running proxy
/// @param pools the nodes; at least one pool
/// @param placement the placement rules, of which the first match wins; a repository that no rule
///   matches lives in the site's pool
/// @param groups the name of each group and its facts, each of the form `user:NAME`
/// @param users the proxy's own user directory
/// @param policy the policy rules, of which the first match wins; the last rule has no conditions.
///   Empty if the node decides
/// @param audit where audit records are written; empty if none are written
/// @param warnings what `check` and the log report about a file that is valid
public record Settings(
    Path file,
    List<SiteSettings> sites,
    List<ListenerSettings> listeners,
    Path controlSocket,
    List<PoolSettings> pools,
    List<PlacementRuleSettings> placement,
    Map<String, List<String>> groups,
    List<UserSettings> users,
    Optional<List<PolicyRuleSettings>> policy,
    LimitSettings limits,
    TimeoutSettings timeouts,
    StateSettings state,
    LogSettings log,
    Optional<AuditSettings> audit,
    List<Problem> warnings) {

  /// A copy with other warnings.
  public Settings withWarnings(List<Problem> newWarnings) {
    return new Settings(
        file,
        sites,
        listeners,
        controlSocket,
        pools,
        placement,
        groups,
        users,
        policy,
        limits,
        timeouts,
        state,
        log,
        audit,
        newWarnings);
  }

  /// Returns the pool of this name, which exists for every name that the tree mentions.
  public PoolSettings pool(String name) {
    return pools.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  /// Returns the site of this name, which exists for every name that the tree mentions.
  public SiteSettings site(String name) {
    return sites.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }
}
