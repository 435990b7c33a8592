package packhorse.deploy;

import packhorse.request.CannotListen;

/// The proxy cannot start; the message is one sentence for the operator.
public final class StartFailure extends Exception {
  public StartFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /// How the program ends: an address that cannot be had has a code of its own.
  ExitCode code() {
    return getCause() instanceof CannotListen ? ExitCode.LISTEN : ExitCode.FAILURE;
  }
}
