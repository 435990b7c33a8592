package packhorse.placement;

/// How the nodes of a pool store repositories.
public enum Storage {
  /// All nodes share one disk: any node reads and writes.
  SHARED,
  /// A primary takes the writes; replicas copy them and may lag behind.
  REPLICATED,
  /// Each repository is stored on one node.
  SEPARATE
}
