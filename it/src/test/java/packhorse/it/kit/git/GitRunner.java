package packhorse.it.kit.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.ssh.OpenSshClient;

/// Runs the git binary (system property `packhorse.git`, else the one on the `PATH`) with its own
/// home folder, no system configuration, a fixed author and date, and a timeout. Immutable: each
/// change returns a new runner.
///
/// @param configuration what is given with `-c` on each call, as `key=value`
/// @param timeout after which git and all its children are killed
public record GitRunner(
    Path home,
    Path directory,
    Map<String, String> environment,
    List<String> configuration,
    Duration timeout) {
  /// Without background work that outlives the command, and without advice in the output that tests
  /// read.
  private static final String GITCONFIG =
      """
      [user]
      \tname = Al Smith
      \temail = al@example.org
      [init]
      \tdefaultBranch = main
      [gc]
      \tauto = 0
      [maintenance]
      \tauto = false
      [advice]
      \tdetachedHead = false
      [push]
      \tdefault = nothing
      [core]
      \tfsync = none
      """;

  public GitRunner {
    environment = Map.copyOf(environment);
    configuration = List.copyOf(configuration);
  }

  /// Returns a git that runs in `folder`. Its home folder is `folder/home`.
  public static GitRunner in(Path folder) {
    Path home = folder.resolve("home");
    try {
      Files.createDirectories(home);
      Files.writeString(home.resolve(".gitconfig"), GITCONFIG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GitRunner(home, folder, baseEnvironment(home), List.of(), Duration.ofSeconds(60));
  }

  /// Returns the path or name of the git binary.
  public static String binary() {
    return Optional.ofNullable(System.getProperty("packhorse.git")).orElse("git");
  }

  /// Returns the folder of git's own programs.
  public static Path execPath() {
    CommandResult result = Command.of(Path.of("/"), binary(), "--exec-path").run().expectSuccess();
    return Path.of(result.output().strip());
  }

  /// Returns the version of git: 239 for 2.39.
  public static int version() {
    String[] words = Command.of(Path.of("/"), binary(), "version").run().output().split("[ .]", -1);
    return Integer.parseInt(words[2]) * 100 + Integer.parseInt(words[3]);
  }

  /// Returns a copy that runs in another directory.
  public GitRunner at(Path newDirectory) {
    return new GitRunner(home, newDirectory, environment, configuration, timeout);
  }

  /// Returns a copy that runs in a directory below this one.
  public GitRunner at(String subdirectory) {
    return at(directory.resolve(subdirectory));
  }

  /// Returns a copy with `-c key=value`.
  public GitRunner config(String key, String value) {
    var more = new ArrayList<>(configuration);
    more.add(key + "=" + value);
    return new GitRunner(home, directory, environment, more, timeout);
  }

  /// Returns a copy with one more environment variable.
  public GitRunner env(String name, String value) {
    var more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new GitRunner(home, directory, more, configuration, timeout);
  }

  /// Returns a copy that requests this protocol version.
  public GitRunner protocol(int version) {
    return config("protocol.version", Integer.toString(version));
  }

  /// Returns a copy that uses this SSH client.
  public GitRunner ssh(OpenSshClient client) {
    return env("GIT_SSH_COMMAND", client.commandLine());
  }

  /// Returns a copy with another timeout.
  public GitRunner timeout(Duration newTimeout) {
    return new GitRunner(home, directory, environment, configuration, newTimeout);
  }

  /// Runs git. The caller checks the result: its exit status, [CommandResult#expectSuccess()] or
  /// [CommandResult#output()].
  public CommandResult run(String... arguments) {
    return command(arguments).run();
  }

  /// Returns the command that [#run] runs.
  public Command command(String... arguments) {
    var argv = new ArrayList<String>();
    argv.add(binary());
    for (String setting : configuration) argv.addAll(List.of("-c", setting));
    argv.addAll(List.of(arguments));
    return program(argv.toArray(String[]::new));
  }

  /// Returns the command for another program, curl or ssh, in the same environment.
  public Command program(String... argv) {
    return Command.of(directory, argv).env(environment).timeout(timeout);
  }

  /// Writes a file in the working tree, adds it and commits it.
  ///
  /// @return the commit's id
  public String commit(String file, String text) {
    try {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("add", file).expectSuccess();
    run("commit", "-q", "-m", "Change " + file).expectSuccess();
    return id("HEAD");
  }

  /// Returns the id of the object that a revision names.
  public String id(String revision) {
    return run("rev-parse", "--verify", revision).output();
  }

  private static Map<String, String> baseEnvironment(Path home) {
    return Map.of(
        "HOME", home.toString(),
        "GIT_CONFIG_NOSYSTEM", "1",
        "GIT_TERMINAL_PROMPT", "0",
        "GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z",
        "GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z",
        "XDG_CONFIG_HOME", home.resolve("xdg").toString());
  }
}
