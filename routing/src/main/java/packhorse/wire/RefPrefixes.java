package packhorse.wire;

import java.util.Collection;
import java.util.TreeSet;

/// The prefixes of `ls-refs`. A client may name sixty thousand for a repository with a hundred
/// thousand refs: each ref is looked up, not compared with all of them. Immutable.
final class RefPrefixes {
  // none begins with another, so that at most one can fit: the greatest that is not above the name
  private final TreeSet<String> shortest = new TreeSet<>();

  /// @param prefixes none for all refs
  RefPrefixes(Collection<String> prefixes) {
    for (String prefix : new TreeSet<>(prefixes)) {
      if (shortest.isEmpty() || !prefix.startsWith(shortest.last())) shortest.add(prefix);
    }
  }

  /// Whether a ref of this name is to be listed.
  boolean match(String name) {
    if (shortest.isEmpty()) return true;
    String candidate = shortest.floor(name);
    return candidate != null && name.startsWith(candidate);
  }
}
