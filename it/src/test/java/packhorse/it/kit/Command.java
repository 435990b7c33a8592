package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A program to run: immutable, each change gives a new one. The environment is only what is named
/// here, never that of the tests, so that no proxy, agent or home folder of the machine plays a
/// part.
///
/// @param limit after which the program and all its children are killed
public record Command(
    List<String> argv,
    Path directory,
    Map<String, String> environment,
    Redirect input,
    Duration limit) {
  private static final Redirect NOTHING = Redirect.from(Path.of("/dev/null").toFile());

  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /// A command in `directory` with at most a minute of time, no input and only `PATH` and `LC_ALL`
  /// set.
  public static Command of(Path directory, String... argv) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    var environment = Map.of("PATH", path, "LC_ALL", "C");
    return new Command(List.of(argv), directory, environment, NOTHING, Duration.ofSeconds(60));
  }

  /// True if a program of that name is on the `PATH`.
  public static boolean exists(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return List.of(path.split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// The same with one variable set.
  public Command env(String name, String value) {
    var more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Command(argv, directory, more, input, limit);
  }

  /// The same with all these variables set.
  public Command env(Map<String, String> variables) {
    var more = new LinkedHashMap<>(environment);
    more.putAll(variables);
    return new Command(argv, directory, more, input, limit);
  }

  /// The same, reading standard input from a file.
  public Command input(Path file) {
    return new Command(argv, directory, environment, Redirect.from(file.toFile()), limit);
  }

  /// The same, reading what [Started#stdin()] is given.
  public Command piped() {
    return new Command(argv, directory, environment, Redirect.PIPE, limit);
  }

  /// The same with another limit.
  public Command limit(Duration time) {
    return new Command(argv, directory, environment, input, time);
  }

  /// Starts it; whoever calls this must close what comes back.
  public Started start() {
    Path out = Scratch.file(".out");
    Path err = Scratch.file(".err");
    var builder = new ProcessBuilder(argv).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectInput(input).redirectOutput(out.toFile()).redirectError(err.toFile());
    try {
      return new Started(this, builder.start(), out, err);
    } catch (IOException e) {
      Scratch.delete(out);
      Scratch.delete(err);
      throw new UncheckedIOException(e);
    }
  }

  /// Runs it to its end.
  ///
  /// @throws AssertionError if that takes longer than the limit
  public Ran run() {
    try (Started started = start()) {
      return started.finish();
    }
  }
}
