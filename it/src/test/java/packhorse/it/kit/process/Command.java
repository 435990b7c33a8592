package packhorse.it.kit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A program to run with its arguments and environment. Immutable: each change returns a new
/// command. The environment has only the variables that are named here and nothing of the tests'
/// own, so that no proxy, SSH agent or home folder of the machine has an influence.
///
/// @param timeout after which the program and all its children are killed
public record Command(
    List<String> argv,
    Path directory,
    Map<String, String> environment,
    Redirect input,
    Duration timeout) {
  private static final Redirect EMPTY_INPUT = Redirect.from(Path.of("/dev/null").toFile());

  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /// Returns a command in `directory` with a timeout of one minute, empty input, and only `PATH`
  /// and `LC_ALL` set.
  public static Command of(Path directory, String... argv) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    var environment = Map.of("PATH", path, "LC_ALL", "C");
    return new Command(List.of(argv), directory, environment, EMPTY_INPUT, Duration.ofSeconds(60));
  }

  /// Returns whether a program of that name is on the `PATH`.
  public static boolean isInstalled(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return List.of(path.split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// Returns a copy with one more environment variable.
  public Command env(String name, String value) {
    var variables = new LinkedHashMap<>(environment);
    variables.put(name, value);
    return new Command(argv, directory, variables, input, timeout);
  }

  /// Returns a copy with these additional variables.
  public Command env(Map<String, String> added) {
    var variables = new LinkedHashMap<>(environment);
    variables.putAll(added);
    return new Command(argv, directory, variables, input, timeout);
  }

  /// Returns a copy whose standard input is a file.
  public Command input(Path file) {
    return new Command(argv, directory, environment, Redirect.from(file.toFile()), timeout);
  }

  /// Returns a copy whose standard input is [RunningCommand#stdin()].
  public Command pipeInput() {
    return new Command(argv, directory, environment, Redirect.PIPE, timeout);
  }

  /// Returns a copy with another timeout.
  public Command timeout(Duration newTimeout) {
    return new Command(argv, directory, environment, input, newTimeout);
  }

  /// Starts the program. The caller closes the returned object.
  public RunningCommand start() {
    Path out = TempFiles.createFile(".out");
    Path err = TempFiles.createFile(".err");
    var builder = new ProcessBuilder(argv).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectInput(input).redirectOutput(out.toFile()).redirectError(err.toFile());
    try {
      return new RunningCommand(this, builder.start(), out, err);
    } catch (IOException e) {
      TempFiles.delete(out);
      TempFiles.delete(err);
      throw new UncheckedIOException(e);
    }
  }

  /// Runs the program and waits for its end.
  ///
  /// @throws AssertionError if it is still running after the timeout
  public CommandResult run() {
    try (RunningCommand running = start()) {
      return running.waitFor();
    }
  }
}
