package packhorse.deploy;

/// Thrown by a command that cannot continue: one line for standard error, and an exit code.
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  /// @param message one sentence, without the program's name in front and without a full stop
  public CommandException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /// The exit code of the program.
  public ExitCode exitCode() {
    return exitCode;
  }
}
