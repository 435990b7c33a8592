package packhorse.node;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A node did not do its part: not reached, cut off, silent, or an answer that is none. A node's
/// own refusal is no failure.
public final class NodeFailure extends IOException {
  private final transient Node node;
  private final boolean sent;
  private final String message;

  /// @param sent whether the node may have seen any byte of the request; if so, a write must not be
  ///   repeated
  /// @param what facts, lower case, without the node's name
  public NodeFailure(Node node, boolean sent, String what, @Nullable Throwable cause) {
    super(what, cause);
    this.message = "node \"" + node.name() + "\": " + what;
    this.node = node;
    this.sent = sent;
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
