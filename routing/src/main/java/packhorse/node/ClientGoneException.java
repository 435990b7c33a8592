package packhorse.node;

import java.io.IOException;

/// Thrown when the client's connection failed, or was closed before the client had sent its whole
/// request and received the whole response. Nothing more can be reported to the client.
public final class ClientGoneException extends IOException {
  public ClientGoneException(String message, Throwable cause) {
    super(message, cause);
  }

  public ClientGoneException(String message) {
    super(message);
  }

  /// Returns an exception that also says to which node the client's request had been sent.
  public ClientGoneException whileAsking(Node node) {
    String description = getMessage() + ", while node \"" + node.name() + "\" was asked";
    return new ClientGoneException(description, this);
  }
}
