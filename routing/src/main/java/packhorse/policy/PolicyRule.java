package packhorse.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import packhorse.identity.Principal;
import packhorse.placement.RepositoryName;
import packhorse.request.Glob;

/// One rule of the configuration's `policy` list. An empty list or set does not restrict the rule.
/// Immutable.
///
/// @param number the position in the list, from 1, by which `packhorse explain` names the rule
/// @param refs in wire form, as refs are kept ([packhorse.wire.WireText])
/// @param hasGroups whether the rule is restricted to groups; a group without members matches
///   nobody
/// @param facts the facts in the rule's groups, of which one must be verified for the principal
/// @param sourceNetworks the networks that the client's address must be in
/// @param excludedNetworks the networks that the client's address must not be in
/// @param message what a refused user is told; empty for a general message
public record PolicyRule(
    int number,
    boolean allows,
    Set<Action> actions,
    List<Glob> repositories,
    List<Glob> refs,
    boolean hasGroups,
    Set<String> facts,
    List<CidrBlock> sourceNetworks,
    List<CidrBlock> excludedNetworks,
    String message) {

  public PolicyRule {
    actions = Set.copyOf(actions);
    repositories = List.copyOf(repositories);
    refs = List.copyOf(refs);
    facts = Set.copyOf(facts);
    sourceNetworks = List.copyOf(sourceNetworks);
    excludedNetworks = List.copyOf(excludedNetworks);
  }

  /// Whether the rule applies to this principal, repository and client address. Actions and refs
  /// are not considered.
  boolean appliesTo(Principal principal, RepositoryName repository, InetAddress clientAddress) {
    return (!hasGroups || facts.stream().anyMatch(principal::hasFact))
        && appliesAt(repository, clientAddress);
  }

  /// Whether the rule applies to this repository and client address for at least some principals.
  boolean appliesAt(RepositoryName repository, InetAddress clientAddress) {
    return (repositories.isEmpty() || repositories.stream().anyMatch(repository::isMatchedBy))
        && (sourceNetworks.isEmpty()
            || sourceNetworks.stream().anyMatch(network -> network.contains(clientAddress)))
        && excludedNetworks.stream().noneMatch(network -> network.contains(clientAddress));
  }

  boolean includes(Action action) {
    return actions.stream().anyMatch(own -> own.includes(action));
  }

  /// Whether the rule applies to pushes, or to some of them.
  boolean concernsWrites() {
    return actions.stream()
        .anyMatch(own -> own == Action.ALL || own == Action.WRITE || own.changesRef());
  }

  /// Whether the rule applies to pages that only read, or to those that write. Which refs a page
  /// changes is not known, so a rule that depends on them applies to no page.
  boolean concernsPage(Action action) {
    return action == Action.WRITE ? concernsWrites() && !dependsOnCommands() : includes(action);
  }

  boolean matchesRef(String ref) {
    return refs.isEmpty() || refs.stream().anyMatch(pattern -> pattern.matches(ref));
  }

  /// Whether the commands of a push determine if the rule applies to it: the rule is restricted to
  /// refs or to kinds of changes.
  boolean dependsOnCommands() {
    return !refs.isEmpty() || !(actions.contains(Action.ALL) || actions.contains(Action.WRITE));
  }

  /// The name of the rule in audit records and in the output of `packhorse explain`.
  String describe() {
    return "policy rule " + number + (allows ? " allows" : " denies");
  }
}
