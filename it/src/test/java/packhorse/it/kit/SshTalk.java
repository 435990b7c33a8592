package packhorse.it.kit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Git's protocol spoken by hand through OpenSSH, for what git itself would not say. For any
/// thread.
public final class SshTalk {
  private SshTalk() {}

  /// Starts an exec; what is written to [Started#stdin()] goes to the server, and the stream stays
  /// open until the test closes it. The caller closes what comes back.
  ///
  /// @param variables to be sent along, as `GIT_PROTOCOL=version=2`
  public static Started exec(SshWay way, Path folder, String line, String... variables) {
    SshWay whole = way;
    for (String variable : variables) whole = whole.option("SetEnv=" + variable);
    var argv = new ArrayList<>(whole.argv());
    argv.addAll(List.of("git@127.0.0.1", line));
    return Command.of(folder, argv.toArray(String[]::new)).piped().start();
  }

  /// One pkt-line.
  public static String pkt(String text) {
    int length = text.getBytes(StandardCharsets.ISO_8859_1).length + 4;
    return String.format("%04x", length) + text;
  }
}
