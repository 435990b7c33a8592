package packhorse.deploy;

/// Thrown by a command that cannot go on: one line for standard error, and how it ends.
public final class CommandFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitCode code;

  /// Ends the command.
  ///
  /// @param sentence without the program's name in front and a full stop behind
  public CommandFailed(ExitCode code, String sentence) {
    super(sentence);
    this.code = code;
  }

  /// How the command ends.
  public ExitCode code() {
    return code;
  }
}
