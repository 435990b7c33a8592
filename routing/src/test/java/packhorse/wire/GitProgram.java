package packhorse.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The git program in one folder, without the configuration of this machine.
record GitProgram(Path folder) {
  /// Runs git with an input in wire form, and returns its output, whatever its exit status.
  ByteString run(Map<String, String> environment, String input, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder git = new ProcessBuilder("git");
    git.command().addAll(List.of(arguments));
    git.directory(folder.toFile()).redirectError(folder.resolve("errors").toFile());
    Path in = Files.write(folder.resolve("input"), WireText.bytes(input));
    git.redirectInput(in.toFile());
    git.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    git.environment().putAll(environment);
    for (String role : List.of("AUTHOR", "COMMITTER")) {
      git.environment().put("GIT_" + role + "_NAME", "Somebody");
      git.environment().put("GIT_" + role + "_EMAIL", "somebody@example.org");
    }
    git.environment().putAll(Map.of("HOME", folder.toString(), "GIT_CONFIG_NOSYSTEM", "1"));
    Process process = git.start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return ByteString.copyOf(output);
  }
}
