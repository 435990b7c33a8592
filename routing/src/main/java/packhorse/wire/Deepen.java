package packhorse.wire;

import java.util.List;
import java.util.OptionalLong;

/// How much history a shallow fetch asks for.
public sealed interface Deepen {

  /// Nothing was asked for: the client's history stays as deep as it is.
  record None() implements Deepen {}

  /// `deepen N`: so many commits from the wanted tips or, when relative, more than the client has.
  /// At least 1; 2147483647 is what git sends to unshallow.
  record Depth(int commits, boolean relative) implements Deepen {
    public Depth {
      if (commits < 1) {
        throw new IllegalArgumentException("depth " + commits);
      }
    }
  }

  /// `deepen-since` (seconds since 1970) and `deepen-not` (names of refs), each or both.
  record Excluding(OptionalLong since, List<String> refs) implements Deepen {
    public Excluding {
      refs = refs.stream().sorted().distinct().toList();
      if (since.isEmpty() && refs.isEmpty()) {
        throw new IllegalArgumentException("nothing is excluded");
      }
    }
  }

  static Deepen none() {
    return new None();
  }

  /// Whether anything was asked for: then the answer begins (v0) or comes (v2) with a list of
  /// shallow commits.
  default boolean asked() {
    return !(this instanceof None);
  }
}
