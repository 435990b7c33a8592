package packhorse.node;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A node did not do its part: not reached, cut off, silent, or an answer that is none. A node's
/// own refusal is no failure.
public final class NodeFailure extends IOException {
  private final transient Node node;
  private final boolean sent;
  private final String message;
  private final boolean known;

  /// @param sent whether the node may have seen any byte of the request; if so, a write must not be
  ///   repeated
  /// @param what facts, lower case, without the node's name
  public NodeFailure(Node node, boolean sent, String what, @Nullable Throwable cause) {
    this(node, sent, what, cause, false);
  }

  private NodeFailure(
      Node node, boolean sent, String what, @Nullable Throwable cause, boolean known) {
    super(what, cause);
    this.message = "node \"" + node.name() + "\": " + what;
    this.node = node;
    this.sent = sent;
    this.known = known;
  }

  /// The same for another who shared the answer: one failure of a node is not to count as many.
  public NodeFailure known() {
    return new NodeFailure(node, sent, String.valueOf(super.getMessage()), this, true);
  }

  /// Whether the node's health knows of it already.
  public boolean isKnown() {
    return known;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public Node node() {
    return node;
  }

  /// Whether the node may have seen any byte of the request.
  public boolean sent() {
    return sent;
  }
}
