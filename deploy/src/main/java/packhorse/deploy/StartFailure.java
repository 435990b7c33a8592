package packhorse.deploy;

import java.net.SocketException;
import java.util.stream.Stream;

/// The proxy cannot start; the message is one sentence for the operator.
public final class StartFailure extends Exception {
  public StartFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /// How the program ends: an address that cannot be had has a code of its own.
  ExitCode code() {
    // a bind that fails is a BindException or, for want of a right, a SocketException
    boolean address =
        Stream.iterate((Throwable) this, cause -> cause != null, Throwable::getCause)
            .anyMatch(SocketException.class::isInstance);
    return address ? ExitCode.LISTEN : ExitCode.FAILURE;
  }
}
