package packhorse.wire.fetch;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import packhorse.wire.pkt.PktWriter;

/// The depth of history that a shallow fetch requests.
public sealed interface Deepen {

  /// No depth is requested: the client's history stays as deep as it is.
  record None() implements Deepen {}

  /// `deepen N`: a number of commits, counted from the wanted tips or, if `relative`, from the
  /// client's shallow boundary (`deepen-relative`). At least 1; to unshallow, git sends 2147483647.
  record Depth(int commits, boolean relative) implements Deepen {
    public Depth {
      if (commits < 1) {
        throw new IllegalArgumentException("depth " + commits);
      }
    }
  }

  /// `deepen-since` (seconds since 1970), `deepen-not` (names of refs), or both.
  record Exclusion(OptionalLong since, List<String> excludedRefs) implements Deepen {
    public Exclusion {
      excludedRefs = excludedRefs.stream().sorted().distinct().toList();
      if (since.isEmpty() && excludedRefs.isEmpty()) {
        throw new IllegalArgumentException("nothing is excluded");
      }
    }
  }

  static Deepen none() {
    return new None();
  }

  /// Whether a depth is requested. If so, the response contains a list of shallow commits: first in
  /// v0, in a section of its own in v2.
  default boolean isRequested() {
    return !(this instanceof None);
  }

  /// Writes the `deepen`, `deepen-since` and `deepen-not` lines, which are the same in v0 and v2.
  /// `deepen-relative` is a capability in v0 and a line in v2, and is not written here.
  default void writeTo(PktWriter out) throws IOException {
    switch (this) {
      case None _ -> {}
      case Depth depth -> out.writeLine("deepen " + depth.commits());
      case Exclusion exclusion -> {
        if (exclusion.since().isPresent()) {
          out.writeLine("deepen-since " + exclusion.since().getAsLong());
        }
        for (String ref : exclusion.excludedRefs()) {
          out.writeLine("deepen-not " + ref);
        }
      }
    }
  }
}
