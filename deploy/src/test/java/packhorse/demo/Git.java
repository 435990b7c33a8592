package packhorse.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the installed git without the configuration of the user and the machine.
///
/// @param folder git's working directory and HOME
/// @param settings passed with `-c`, as `key=value`
record Git(Path folder, List<String> settings) {
  /// The exit status of git, and what it wrote to standard output and standard error.
  record Result(int status, String output) {}

  /// Runs git in the folder.
  Result run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add("git");
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /// Runs git in the folder and returns its output without trailing whitespace.
  ///
  /// @throws AssertionError when git fails
  String succeed(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    if (result.status() != 0)
      throw new AssertionError(String.join(" ", arguments) + ": " + result.output());
    return result.output().stripTrailing();
  }
}
