package packhorse.it.kit;

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

/// The git binary (property `packhorse.git`, else the one on the `PATH`) with a home folder of its
/// own, no system configuration, fixed people and dates, and bounded time. Immutable: each change
/// gives a new one.
///
/// @param settings what is given with `-c` on each call, as `key=value`
public record GitRunner(
    Path home,
    Path directory,
    Map<String, String> environment,
    List<String> settings,
    Duration limit) {
  /// Neither background work that outlives the command, nor advice between the lines that tests
  /// look at.
  private static final String CONFIGURATION =
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
    settings = List.copyOf(settings);
  }

  /// A git that lives and works in `folder`; its home is `folder/home`.
  public static GitRunner in(Path folder) {
    Path home = folder.resolve("home");
    try {
      Files.createDirectories(home);
      Files.writeString(home.resolve(".gitconfig"), CONFIGURATION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GitRunner(home, folder, fixed(home), List.of(), Duration.ofSeconds(60));
  }

  /// Where git is.
  public static String binary() {
    return Optional.ofNullable(System.getProperty("packhorse.git")).orElse("git");
  }

  /// Where its programs are.
  public static Path programs() {
    Ran ran = Command.of(Path.of("/"), binary(), "--exec-path").run().expectSuccess();
    return Path.of(ran.output().strip());
  }

  /// Which git that is: 239 for 2.39.
  public static int version() {
    String[] words = Command.of(Path.of("/"), binary(), "version").run().output().split("[ .]", -1);
    return Integer.parseInt(words[2]) * 100 + Integer.parseInt(words[3]);
  }

  /// The same in another directory.
  public GitRunner at(Path place) {
    return new GitRunner(home, place, environment, settings, limit);
  }

  /// The same in a directory below this one.
  public GitRunner at(String below) {
    return at(directory.resolve(below));
  }

  /// The same with `-c key=value`.
  public GitRunner set(String key, String value) {
    var more = new ArrayList<>(settings);
    more.add(key + "=" + value);
    return new GitRunner(home, directory, environment, more, limit);
  }

  /// The same with one more variable.
  public GitRunner env(String name, String value) {
    var more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new GitRunner(home, directory, more, settings, limit);
  }

  /// The same, asking for a protocol version.
  public GitRunner protocol(int version) {
    return set("protocol.version", Integer.toString(version));
  }

  /// The same, going over SSH in this way.
  public GitRunner ssh(SshWay way) {
    return env("GIT_SSH_COMMAND", way.line());
  }

  /// The same with other time to work in.
  public GitRunner limit(Duration time) {
    return new GitRunner(home, directory, environment, settings, time);
  }

  /// Runs git; look at the exit status, or call [Ran#expectSuccess()] or [Ran#output()].
  public Ran git(String... arguments) {
    return command(arguments).run();
  }

  /// What [#git] would run.
  public Command command(String... arguments) {
    var argv = new ArrayList<String>();
    argv.add(binary());
    for (String setting : settings) argv.addAll(List.of("-c", setting));
    argv.addAll(List.of(arguments));
    return program(argv.toArray(String[]::new));
  }

  /// Any other program (curl, ssh) in the same environment.
  public Command program(String... argv) {
    return Command.of(directory, argv).env(environment).limit(limit);
  }

  /// Writes a file in the working tree, adds it and commits.
  ///
  /// @return the commit's id
  public String commit(String file, String text) {
    try {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    git("add", file).expectSuccess();
    git("commit", "-q", "-m", "Change " + file).expectSuccess();
    return id("HEAD");
  }

  /// The object that a revision names.
  public String id(String revision) {
    return git("rev-parse", "--verify", revision).output();
  }

  private static Map<String, String> fixed(Path home) {
    return Map.of(
        "HOME", home.toString(),
        "GIT_CONFIG_NOSYSTEM", "1",
        "GIT_TERMINAL_PROMPT", "0",
        "GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z",
        "GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z",
        "XDG_CONFIG_HOME", home.resolve("xdg").toString());
  }
}
