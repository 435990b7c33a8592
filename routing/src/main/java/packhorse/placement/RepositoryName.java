package packhorse.placement;

import java.util.regex.Pattern;
import packhorse.request.Glob;

/// The name of a repository as the software of its nodes understands the path of a request: every
/// path that opens the same repository at a node has the same name. Given by a [Backend]; used by
/// placement, policy, routing, everything that is remembered, and records. Immutable.
///
/// @param name the name, such as `acme/app`, or `acme/app.wiki` for a wiki
/// @param main the name of the repository whose placement and rights apply: for a wiki that of its
///   repository, else the same as `name`
/// @param ignoresCase whether the nodes ignore the case of names; both names are in lower case then
/// @param isLeading whether only a leading part of the name is the repository, which nobody can
///   tell from the rest: a rule that matches any leading part applies
public record RepositoryName(String name, String main, boolean ignoresCase, boolean isLeading) {
  private static final Pattern SUFFIX = Pattern.compile("(\\.wiki)?(\\.git)?$");

  public RepositoryName(String name, String main, boolean ignoresCase) {
    this(name, main, ignoresCase, false);
  }

  /// The name of the unknown repository to which a page with this path belongs.
  public static RepositoryName leadingPartOf(String path) {
    return new RepositoryName(path, path, false, true);
  }

  /// Whether the pattern of a rule matches the repository.
  public boolean isMatchedBy(Glob pattern) {
    if (!isLeading) return ignoresCase ? pattern.matchesLowerCase(main) : pattern.matches(main);
    for (int end = main.indexOf('/'); end >= 0; end = main.indexOf('/', end + 1)) {
      if (matchesPart(pattern, main.substring(0, end))) return true;
    }
    return matchesPart(pattern, main);
  }

  private static boolean matchesPart(Glob pattern, String part) {
    return pattern.matches(part) || pattern.matches(SUFFIX.matcher(part).replaceFirst(""));
  }

  @Override
  public String toString() {
    return name;
  }
}
