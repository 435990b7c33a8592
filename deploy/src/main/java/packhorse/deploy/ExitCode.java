package packhorse.deploy;

import java.util.LinkedHashMap;
import java.util.Map;

/// The exit code of a command. The numbers are part of the command line's contract; help texts list
/// them.
public enum ExitCode {
  OK(0, "done"),
  FAILURE(1, "failed; one line on standard error says why"),
  USAGE(2, "invalid command line or configuration"),
  /// The JVM ends with the same number when it is out of memory: `bin/packhorse` sets
  /// `-XX:+ExitOnOutOfMemoryError`, whose exit code is fixed. The two differ in what is printed:
  /// `packhorse: listeners.NAME: cannot listen on ...` on standard error, or `Terminating due to
  /// java.lang.OutOfMemoryError: ...` on standard output.
  CANNOT_LISTEN(
      3, "cannot listen on an address (standard error names it), or the JVM is out of memory"),
  PROXY_UNREACHABLE(4, "no running proxy answers"),
  SIGNALLED(130, "ended at once by a second signal");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /// The process's exit status.
  public int number() {
    return number;
  }

  /// The number and meaning of each code, for help texts; the codes are in ascending order.
  static Map<String, String> helpTable(ExitCode... codes) {
    int width = String.valueOf(codes[codes.length - 1].number).length();
    Map<String, String> table = new LinkedHashMap<>();
    for (ExitCode code : codes) {
      table.put((" %" + width + "d").formatted(code.number), code.meaning);
    }
    return table;
  }
}
