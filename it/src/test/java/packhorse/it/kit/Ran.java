package packhorse.it.kit;

import java.util.List;

/// A program that has ended.
///
/// @param stdout and `stderr` byte for byte, as ISO-8859-1
public record Ran(List<String> argv, int exit, String stdout, String stderr) {
  public boolean succeeded() {
    return exit == 0;
  }

  /// Itself, if it ended with 0.
  ///
  /// @throws AssertionError with all that the program said, unless it ended with 0
  public Ran expectSuccess() {
    return expectExit(0);
  }

  /// Itself, if it did not end with 0.
  ///
  /// @throws AssertionError with all that the program said, if it ended with 0
  public Ran expectFailure() {
    if (exit == 0) throw new AssertionError("ended with 0: " + this);
    return this;
  }

  /// Itself, if it ended with `status`.
  ///
  /// @throws AssertionError with all that the program said, unless it ended with `status`
  public Ran expectExit(int status) {
    if (exit != status)
      throw new AssertionError("ended with " + exit + ", not " + status + ": " + this);
    return this;
  }

  /// Standard output without the white space around it; for programs that must have succeeded.
  public String output() {
    return expectSuccess().stdout.strip();
  }

  /// The lines of [#output()].
  public List<String> lines() {
    return output().lines().toList();
  }

  @Override
  public String toString() {
    return String.join(" ", argv)
        + "\nexit "
        + exit
        + "\n--- out\n"
        + cut(stdout)
        + "\n--- err\n"
        + cut(stderr);
  }

  private static String cut(String text) {
    return text.length() <= 8_000 ? text : "..." + text.substring(text.length() - 8_000);
  }
}
