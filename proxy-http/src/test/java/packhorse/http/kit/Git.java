package packhorse.http.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs git with a home folder of its own, and with the name of the site as Host.
public final class Git {
  private final Path home;

  public Git(Path home) {
    this.home = home;
  }

  /// The exit status and the output, standard error included.
  public record Result(int status, String output) {
    public Result expectSuccess() {
      if (status != 0) throw new AssertionError("git ended with " + status + ": " + output);
      return this;
    }
  }

  public Result run(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "http.extraHeader=Host: code.test", "-c", "gc.auto=0"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", home.toString(),
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_TERMINAL_PROMPT", "0",
                "GIT_AUTHOR_NAME", "a",
                "GIT_AUTHOR_EMAIL", "a@example.org",
                "GIT_COMMITTER_NAME", "a",
                "GIT_COMMITTER_EMAIL", "a@example.org"));
    Process git = builder.start();
    git.getOutputStream().close();
    String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(git.waitFor(), output);
  }

  /// Creates a bare repository that accepts pushes and has this many commits on `main`.
  public void repository(Path bare, int commits) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(home, "work");
    Files.createDirectories(bare);
    run(bare, "init", "-q", "--bare", "-b", "main").expectSuccess();
    run(bare, "config", "http.receivepack", "true").expectSuccess();
    run(work, "init", "-q", "-b", "main").expectSuccess();
    for (int i = 1; i <= commits; i++) commit(work, "file-" + i, "line " + i + "\n");
    run(work, "push", "-q", bare.toString(), "main").expectSuccess();
  }

  public void commit(Path work, String file, String content)
      throws IOException, InterruptedException {
    Files.writeString(work.resolve(file), content);
    run(work, "add", ".").expectSuccess();
    run(work, "commit", "-q", "-m", file).expectSuccess();
  }
}
