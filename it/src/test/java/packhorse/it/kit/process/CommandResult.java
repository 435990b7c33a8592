package packhorse.it.kit.process;

import java.util.List;

/// The result of a program that has ended.
///
/// @param stdout standard output, decoded as ISO-8859-1, so that no byte is lost
/// @param stderr standard error, decoded likewise
public record CommandResult(List<String> argv, int exitStatus, String stdout, String stderr) {
  public boolean succeeded() {
    return exitStatus == 0;
  }

  /// Returns this result if the exit status is 0.
  ///
  /// @throws AssertionError with the program's output if the exit status is not 0
  public CommandResult expectSuccess() {
    return expectExit(0);
  }

  /// Returns this result if the exit status is not 0.
  ///
  /// @throws AssertionError with the program's output if the exit status is 0
  public CommandResult expectFailure() {
    if (exitStatus == 0) throw new AssertionError("exit status 0: " + this);
    return this;
  }

  /// Returns this result if the exit status is `status`.
  ///
  /// @throws AssertionError with the program's output if it is another one
  public CommandResult expectExit(int status) {
    if (exitStatus != status)
      throw new AssertionError("exit status " + exitStatus + " instead of " + status + ": " + this);
    return this;
  }

  /// Returns standard output without surrounding white space.
  ///
  /// @throws AssertionError if the exit status is not 0
  public String output() {
    return expectSuccess().stdout.strip();
  }

  /// Returns the lines of [#output()].
  public List<String> lines() {
    return output().lines().toList();
  }

  @Override
  public String toString() {
    return String.join(" ", argv)
        + "\nexit "
        + exitStatus
        + "\n--- out\n"
        + truncate(stdout)
        + "\n--- err\n"
        + truncate(stderr);
  }

  private static String truncate(String text) {
    return text.length() <= 8_000 ? text : "..." + text.substring(text.length() - 8_000);
  }
}
