package packhorse.placement;

import packhorse.request.Glob;

/// The name of a repository as the software of its nodes understands the path of a request: every
/// path that opens the same repository at a node has the same name. Given by a [Backend]; used by
/// placement, policy, routing, everything that is remembered, and records. Immutable.
///
/// @param name the name, such as `acme/app`, or `acme/app.wiki` for a wiki
/// @param main the name of the repository whose placement and rights apply: for a wiki that of its
///   repository, else the same as `name`
/// @param ignoresCase whether the nodes ignore the case of names; both names are in lower case then
public record RepositoryName(String name, String main, boolean ignoresCase) {

  /// Whether the pattern of a rule matches the repository.
  public boolean isMatchedBy(Glob pattern) {
    return ignoresCase ? pattern.matchesLowerCase(main) : pattern.matches(main);
  }

  @Override
  public String toString() {
    return name;
  }
}
