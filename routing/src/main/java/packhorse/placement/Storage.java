package packhorse.placement;

/// How the nodes of a pool share repositories.
public enum Storage {
  /// One disk: any node reads and writes.
  SHARED,
  /// A primary takes the writes, replicas may lag.
  REPLICATED,
  /// Each repository on one node.
  SEPARATE
}
