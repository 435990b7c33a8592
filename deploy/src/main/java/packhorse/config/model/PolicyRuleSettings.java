package packhorse.config.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import packhorse.policy.Action;
import packhorse.policy.CidrBlock;

/// A rule of the policy. It matches if every condition holds; an empty condition always holds.
///
/// @param allow whether the rule allows; false if it denies
/// @param operations the operations to which the rule applies
/// @param groups the principal is in one of these groups. An entry is the name of a group or a fact
///   (`user:NAME`), which is true for one user
/// @param repositories the repository's path matches one of these
/// @param refs the ref matches one of these; only for writes
/// @param from the client's address is in one of these
/// @param notFrom the client's address is in none of these
/// @param reason what a refused user is told
public record PolicyRuleSettings(
    boolean allow,
    Set<Action> operations,
    List<String> groups,
    List<PathPattern> repositories,
    List<PathPattern> refs,
    List<CidrBlock> from,
    List<CidrBlock> notFrom,
    Optional<String> reason) {

  /// Whether the rule matches every possible request.
  public boolean isUnconditional() {
    return operations.contains(Action.ALL)
        && groups.isEmpty()
        && (repositories.isEmpty() || repositories.stream().anyMatch(PathPattern::matchesAll))
        && refs.isEmpty()
        && from.isEmpty()
        && notFrom.isEmpty();
  }
}
