package packhorse.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The whole configuration: one immutable tree, read and checked by [SettingsReader]. What is here
/// is valid, with defaults filled in and paths absolute. `Assembly` builds the proxy from it; any
/// thread may read it.
///
/// @param file the file that was read
/// @param sites what clients call us; at least one
/// @param listeners where we listen; at least one
/// @param control the socket for the commands that talk to a running proxy
/// @param pools the nodes; at least one pool
/// @param placement the rules, first match wins; what none names goes to the site's pool
/// @param groups a group's name and its facts, each `user:NAME`
/// @param users the proxy's own directory
/// @param policy the rules, first match wins, the last one without conditions; empty: the node
///   decides
/// @param audit where audit records go; empty: nowhere
/// @param warnings what `check` and the log say about a file that is valid
public record Settings(
    Path file,
    List<SiteSettings> sites,
    List<ListenerSettings> listeners,
    Path control,
    List<PoolSettings> pools,
    List<PlacementRule> placement,
    Map<String, List<String>> groups,
    List<UserSettings> users,
    Optional<List<PolicyRule>> policy,
    Limits limits,
    Timeouts timeouts,
    StateSettings state,
    LogSettings log,
    Optional<AuditSettings> audit,
    List<Problem> warnings) {

  Settings warned(List<Problem> by) {
    return new Settings(
        file, sites, listeners, control, pools, placement, groups, users, policy, limits, timeouts,
        state, log, audit, by);
  }

  /// The pool of this name; there is one for every name that the tree mentions.
  public PoolSettings pool(String name) {
    return pools.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  /// The site of this name; there is one for every name that the tree mentions.
  public SiteSettings site(String name) {
    return sites.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }
}
