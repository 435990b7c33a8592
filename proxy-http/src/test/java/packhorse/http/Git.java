package packhorse.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The git program, with a home of its own and the proxy called by the name of its site.
final class Git {
  private final Path home;

  Git(Path home) {
    this.home = home;
  }

  /// What a run gave back.
  record Ran(int status, String said) {
    Ran well() {
      if (status != 0) throw new AssertionError("git ended with " + status + ": " + said);
      return this;
    }
  }

  Ran run(Path in, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "http.extraHeader=Host: code.test", "-c", "gc.auto=0"));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
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
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(git.waitFor(), said);
  }

  /// A bare repository that takes pushes, with so many commits on main.
  void repository(Path bare, int commits) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(home, "work");
    Files.createDirectories(bare);
    run(bare, "init", "-q", "--bare", "-b", "main").well();
    run(bare, "config", "http.receivepack", "true").well();
    run(work, "init", "-q", "-b", "main").well();
    for (int i = 1; i <= commits; i++) commit(work, "file-" + i, "line " + i + "\n");
    run(work, "push", "-q", bare.toString(), "main").well();
  }

  void commit(Path work, String file, String content) throws IOException, InterruptedException {
    Files.writeString(work.resolve(file), content);
    run(work, "add", ".").well();
    run(work, "commit", "-q", "-m", file).well();
  }
}
