package packhorse.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import packhorse.identity.Principal;
import packhorse.request.Glob;

/// One line of the configuration's {@code policy}. Immutable; empty lists do not restrict.
///
/// @param number its place in the file, from 1, by which {@code explain} names it
/// @param refs in wire form, as refs are ({@link packhorse.wire.WireText})
/// @param facts verified facts of which one must hold: the rule's groups, resolved
/// @param grouped whether the rule names groups at all (a group without members matches nobody)
/// @param because the sentence that a refused user reads; may be empty
public record Rule(
    int number,
    boolean allow,
    Set<Action> actions,
    List<Glob> repositories,
    List<Glob> refs,
    boolean grouped,
    Set<String> facts,
    List<Network> from,
    List<Network> notFrom,
    String because) {

  public Rule {
    actions = Set.copyOf(actions);
    repositories = List.copyOf(repositories);
    refs = List.copyOf(refs);
    facts = Set.copyOf(facts);
    from = List.copyOf(from);
    notFrom = List.copyOf(notFrom);
  }

  /// Whether the rule speaks of this principal at this repository from there; its action and refs
  /// not looked at.
  boolean concerns(Principal principal, String repository, InetAddress address) {
    return (!grouped || facts.stream().anyMatch(principal::is)) && appliesTo(repository, address);
  }

  /// The same, whoever it is.
  boolean appliesTo(String repository, InetAddress address) {
    return fits(repositories, repository)
        && (from.isEmpty() || from.stream().anyMatch(network -> network.holds(address)))
        && notFrom.stream().noneMatch(network -> network.holds(address));
  }

  boolean covers(Action action) {
    return actions.stream().anyMatch(word -> word.covers(action));
  }

  boolean fitsRef(String ref) {
    return fits(refs, ref);
  }

  /// Whether the rule decides only some pushes: those that touch its refs, or do its kind of
  /// change.
  boolean partial() {
    return !refs.isEmpty() || !(actions.contains(Action.ALL) || actions.contains(Action.WRITE));
  }

  /// How {@code explain} names the rule.
  String words() {
    return "policy rule " + number + (allow ? " allows" : " denies");
  }

  private static boolean fits(List<Glob> globs, String name) {
    return globs.isEmpty() || globs.stream().anyMatch(glob -> glob.matches(name));
  }
}
