package packhorse.demo;

/// The event that a node of the demo ([JGitNode]) sent a pack to a client or accepted a push.
/// Requests that only list refs or negotiate cause no event. Immutable.
///
/// @param node the name of the node
/// @param type what the node did
/// @param repository the repository's path, without `.git`
public record NodeEvent(String node, Type type, String repository) {
  /// What a node did for a client.
  public enum Type {
    FETCH,
    PUSH
  }

  /// Returns the event as the demo prints it: `node-1 served a fetch of acme/app`.
  @Override
  public String toString() {
    return node
        + (type == Type.FETCH ? " served a fetch of " : " accepted a push to ")
        + repository;
  }
}
