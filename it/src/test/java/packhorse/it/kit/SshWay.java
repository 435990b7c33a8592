package packhorse.it.kit;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How OpenSSH's client is called: with one key, no agent, and no file of the home folder.
///
/// @param known the file of known host keys
/// @param strict `accept-new`, or `yes` where the key must be in `known` already
/// @param more further options, as after `-o`
public record SshWay(Path key, int port, Path known, String strict, List<String> more) {
  public SshWay {
    more = List.copyOf(more);
  }

  /// Learns the host key at the first connection.
  public static SshWay trusting(Path key, int port, Path known) {
    return new SshWay(key, port, known, "accept-new", List.of());
  }

  /// The same with one more option, as after `-o`.
  public SshWay option(String option) {
    return new SshWay(
        key, port, known, strict, Stream.concat(more.stream(), Stream.of(option)).toList());
  }

  /// The command and its arguments, up to the destination.
  public List<String> argv() {
    var options =
        Stream.concat(
            Stream.of(
                "UserKnownHostsFile=" + known,
                "GlobalKnownHostsFile=/dev/null",
                "StrictHostKeyChecking=" + strict,
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "BatchMode=yes",
                "LogLevel=ERROR"),
            more.stream());
    var fixed = Stream.of("ssh", "-F", "none", "-i", key.toString(), "-p", Integer.toString(port));
    return Stream.concat(fixed, options.flatMap(o -> Stream.of("-o", o))).toList();
  }

  /// The value of `GIT_SSH_COMMAND`.
  public String line() {
    return argv().stream().map(SshWay::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
