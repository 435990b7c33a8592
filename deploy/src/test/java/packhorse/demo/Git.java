package packhorse.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The git of this machine, without anybody's configuration.
record Git(Path folder, List<String> settings) {
  /// What git said (both streams) and how it ended.
  record Ran(int status, String said) {}

  /// Runs git in the folder.
  Ran run(String... arguments) throws IOException, InterruptedException {
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
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }

  /// Runs git in the folder, and fails when git does. Returns what it said, without the last
  /// newline.
  String succeed(String... arguments) throws IOException, InterruptedException {
    Ran ran = run(arguments);
    if (ran.status() != 0)
      throw new AssertionError(String.join(" ", arguments) + ": " + ran.said());
    return ran.said().stripTrailing();
  }
}
