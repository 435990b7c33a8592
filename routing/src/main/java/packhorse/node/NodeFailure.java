package packhorse.node;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Thrown when a node cannot be reached, breaks the connection, is silent for too long, or sends
/// something that is not a valid response. An error that the node itself reports in a valid
/// response is not a failure.
public final class NodeFailure extends IOException {
  private final transient Node node;
  private final boolean requestSent;
  private final String message;
  private final boolean counted;

  /// @param requestSent whether the node may have received any byte of the request; a write must
  ///   not be repeated then
  /// @param description the facts in lower case, without the node's name
  public NodeFailure(
      Node node, boolean requestSent, String description, @Nullable Throwable cause) {
    this(node, requestSent, description, cause, false);
  }

  private NodeFailure(
      Node node,
      boolean requestSent,
      String description,
      @Nullable Throwable cause,
      boolean counted) {
    super(description, cause);
    this.message = "node \"" + node.name() + "\": " + description;
    this.node = node;
    this.requestSent = requestSent;
    this.counted = counted;
  }

  /// The failure of a node that ended its response as if it were complete, in the midst of it.
  public static NodeFailure truncatedResponse(Node node) {
    return new NodeFailure(node, true, "ended its response too early", null);
  }

  /// Returns a copy that is marked as counted, for another request that shared the response: one
  /// failure of a node must not count as several.
  public NodeFailure asCounted() {
    return new NodeFailure(node, requestSent, String.valueOf(super.getMessage()), this, true);
  }

  /// Whether this failure is already counted in the node's [NodeHealth].
  public boolean isCounted() {
    return counted;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public Node node() {
    return node;
  }

  /// Whether the node may have received any byte of the request.
  public boolean requestSent() {
    return requestSent;
  }
}
