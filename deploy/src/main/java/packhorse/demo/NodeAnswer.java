package packhorse.demo;

/// That a node of the demo packed objects for a client, or took a push.
///
/// @param node the node's name
/// @param work what it did
/// @param repository the repository's path, without `.git`
public record NodeAnswer(String node, Work work, String repository) {
  /// What a node did. A request that only lists refs or negotiates is neither.
  public enum Work {
    FETCH,
    PUSH
  }

  /// As a sentence: `node-1 answered a fetch of acme/app`.
  @Override
  public String toString() {
    return node + (work == Work.FETCH ? " answered a fetch of " : " took a push to ") + repository;
  }
}
