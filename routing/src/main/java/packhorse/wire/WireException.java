package packhorse.wire;

import java.io.IOException;

/// Input that is not what git's protocol says. The message states facts in lower case and quotes
/// what came in with [WireText#quoted]: it is safe in a log and on a terminal.
public sealed class WireException extends IOException {

  WireException(String message) {
    super(message);
  }

  /// More of something than [Limits] allow.
  public static final class TooLarge extends WireException {
    TooLarge(String message) {
      super(message);
    }
  }

  /// The input ended where more was due: usually a lost connection.
  public static final class CutShort extends WireException {
    CutShort(String message) {
      super(message);
    }
  }

  /// The other side said an `ERR` pkt where an answer was due.
  public static final class ErrorPkt extends WireException {
    private final String said;

    ErrorPkt(String said) {
      super("error pkt " + WireText.quoted(said));
      this.said = said;
    }

    /// The words behind `ERR `, unquoted, one char for each byte (see [WireText]).
    public String said() {
      return said;
    }
  }
}
