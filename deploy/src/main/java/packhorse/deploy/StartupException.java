package packhorse.deploy;

import packhorse.request.BindFailedException;

/// Thrown if the proxy cannot start. The message is one sentence for the operator.
public final class StartupException extends Exception {
  private static final long serialVersionUID = 1;

  /// @param message without a full stop
  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }

  /// The exit code of the program; an address that cannot be bound has a code of its own.
  ExitCode exitCode() {
    return getCause() instanceof BindFailedException ? ExitCode.CANNOT_LISTEN : ExitCode.FAILURE;
  }
}
