package packhorse.deploy;

import java.util.LinkedHashMap;
import java.util.Map;

/// How a command ends. The numbers are part of the command line's contract; help texts list them.
public enum ExitCode {
  OK(0, "done"),
  FAILURE(1, "failed, as one line on standard error says"),
  USAGE(2, "wrong command line or configuration"),
  LISTEN(3, "cannot listen: port taken, or not allowed to take it"),
  NO_PROXY(4, "no running proxy answers"),
  SIGNALLED(130, "ended at once by a second signal");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /// What the shell sees.
  public int number() {
    return number;
  }

  /// Number and meaning of each, for help texts.
  static Map<String, String> list(ExitCode... codes) {
    int longest = String.valueOf(codes[codes.length - 1].number).length();
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode code : codes) {
      list.put((" %" + longest + "d").formatted(code.number), code.meaning);
    }
    return list;
  }
}
