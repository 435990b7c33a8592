package packhorse.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One rule of the policy. It matches where every condition holds; an empty condition always does.
///
/// @param allow false: deny
/// @param operations what is asked for
/// @param groups the principal is in one of these groups, or is one of these facts (`user:NAME`)
/// @param repositories the repository's path matches one of these
/// @param refs the ref matches one of these; only on writes
/// @param from the client's address is in one of these
/// @param notFrom the client's address is in none of these
/// @param because the reason that the user is told
public record PolicyRule(
    boolean allow,
    Set<Operation> operations,
    List<String> groups,
    List<PathPattern> repositories,
    List<PathPattern> refs,
    List<Cidr> from,
    List<Cidr> notFrom,
    Optional<String> because) {

  /// What a rule can speak of: `WRITE` is every change of a ref, `CREATE`, `UPDATE` and `DELETE`
  /// are one sort of change each, `ALL` is everything.
  public enum Operation {
    READ,
    WRITE,
    ARCHIVE,
    CREATE,
    UPDATE,
    DELETE,
    ALL
  }

  /// Whether the rule matches every request there can be.
  public boolean unconditional() {
    return operations.contains(Operation.ALL)
        && groups.isEmpty()
        && (repositories.isEmpty() || repositories.stream().anyMatch(PathPattern::matchesAll))
        && refs.isEmpty()
        && from.isEmpty()
        && notFrom.isEmpty();
  }
}
