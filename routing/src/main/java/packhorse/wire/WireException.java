package packhorse.wire;

import java.io.IOException;

/// Thrown for input that is not valid in git's protocol. The message states facts in lower case and
/// quotes the input with [WireText#quoted], so that it is safe in a log and on a terminal.
public sealed class WireException extends IOException {

  public WireException(String message) {
    super(message);
  }

  /// Thrown when the input exceeds one of the [WireLimits].
  public static final class TooLarge extends WireException {
    public TooLarge(String message) {
      super(message);
    }
  }

  /// Thrown when the input ends before a message is complete, usually because the connection was
  /// lost.
  public static final class UnexpectedEnd extends WireException {
    public UnexpectedEnd(String message) {
      super(message);
    }
  }

  /// Thrown when the peer sent an error (an `ERR` pkt or side-band 3) in place of the expected
  /// message.
  public static final class RemoteError extends WireException {
    private final String errorText;

    public RemoteError(String errorText) {
      super("error pkt " + WireText.quoted(errorText));
      this.errorText = errorText;
    }

    /// The text of the error, without `ERR `, not quoted, in wire form (see [WireText]).
    public String errorText() {
      return errorText;
    }
  }
}
