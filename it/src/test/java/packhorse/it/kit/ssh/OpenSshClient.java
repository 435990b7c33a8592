package packhorse.it.kit.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.RunningCommand;

/// The command line of OpenSSH's client: with one key, without an agent, and without the files of
/// the home folder. Immutable.
///
/// The key exchange is curve25519, unless an option names another one: with that of OpenSSH's
/// default (sntrup761), each connection would take the client a tenth of a second.
///
/// @param key the file of the private key
/// @param port the port of the server
/// @param knownHosts the file of known host keys
/// @param hostKeyChecking `accept-new`, or `yes` where the host key must be in `knownHosts` already
/// @param extraOptions further options as `ssh -o` takes them, for example `SetEnv=NAME=value`
public record OpenSshClient(
    Path key, int port, Path knownHosts, String hostKeyChecking, List<String> extraOptions) {
  public OpenSshClient {
    extraOptions = List.copyOf(extraOptions);
  }

  /// Returns a client that accepts an unknown host key at the first connection.
  public static OpenSshClient acceptNewHostKey(Path key, int port, Path knownHosts) {
    return new OpenSshClient(key, port, knownHosts, "accept-new", List.of());
  }

  /// Returns a copy with one more option as `ssh -o` takes it.
  public OpenSshClient withOption(String option) {
    return new OpenSshClient(
        key,
        port,
        knownHosts,
        hostKeyChecking,
        Stream.concat(extraOptions.stream(), Stream.of(option)).toList());
  }

  /// Returns the command and its arguments without the destination.
  public List<String> argv() {
    var options =
        Stream.concat(
            Stream.of(
                "UserKnownHostsFile=" + knownHosts,
                "GlobalKnownHostsFile=/dev/null",
                "StrictHostKeyChecking=" + hostKeyChecking,
                "IdentitiesOnly=yes",
                "IdentityAgent=none",
                "BatchMode=yes",
                "LogLevel=ERROR"),
            extraOptions.stream());
    // OpenSSH takes the first of two options of one name.
    options = Stream.concat(options, Stream.of("KexAlgorithms=curve25519-sha256"));
    var fixed = Stream.of("ssh", "-F", "none", "-i", key.toString(), "-p", Integer.toString(port));
    return Stream.concat(fixed, options.flatMap(o -> Stream.of("-o", o))).toList();
  }

  /// Returns the value of `GIT_SSH_COMMAND`.
  public String commandLine() {
    return argv().stream().map(OpenSshClient::quote).collect(Collectors.joining(" "));
  }

  /// Starts a command on the server, with the user name `git` on `127.0.0.1`. Its standard input
  /// stays open until the test closes it. The caller closes the returned object.
  ///
  /// @param folder the working directory of `ssh`
  /// @param command the command line of the exec request
  /// @param variables environment variables to send, for example `GIT_PROTOCOL=version=2`
  public RunningCommand exec(Path folder, String command, String... variables) {
    OpenSshClient client = this;
    for (String variable : variables) client = client.withOption("SetEnv=" + variable);
    var argv = new ArrayList<>(client.argv());
    argv.addAll(List.of("git@127.0.0.1", command));
    return Command.of(folder, argv.toArray(String[]::new)).pipeInput().start();
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
