package packhorse.wire.refs;

import java.util.Collection;
import java.util.TreeSet;

/// Matches ref names against the `ref-prefix` arguments of `ls-refs`. A client may send 60,000 of
/// them for a repository with 100,000 refs, so each name is looked up in a sorted set instead of
/// being compared with all prefixes. Immutable.
public final class RefPrefixes {
  // No prefix in this set begins with another one. At most one can therefore match a name: the
  // greatest that is not above the name.
  private final TreeSet<String> shortest = new TreeSet<>();

  /// @param prefixes empty for all refs
  public RefPrefixes(Collection<String> prefixes) {
    for (String prefix : new TreeSet<>(prefixes)) {
      if (shortest.isEmpty() || !prefix.startsWith(shortest.last())) shortest.add(prefix);
    }
  }

  /// Whether a ref of this name is to be listed.
  public boolean matches(String name) {
    if (shortest.isEmpty()) return true;
    String candidate = shortest.floor(name);
    return candidate != null && name.startsWith(candidate);
  }
}
