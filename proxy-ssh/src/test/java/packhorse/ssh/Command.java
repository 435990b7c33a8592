package packhorse.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a program to its end, with nothing of this machine's configuration of git.
record Command(Path folder, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// What became of it.
  record Ran(int status, String out, String err) {
    Ran well() {
      if (status != 0) throw new AssertionError("status " + status + "\n" + out + "\n" + err);
      return this;
    }

    String all() {
      return out + err;
    }
  }

  Command with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Command(folder, more);
  }

  Command in(Path other) {
    return new Command(other, environment);
  }

  Ran run(String... line) throws IOException {
    return run(new byte[0], line);
  }

  Ran run(byte[] input, String... line) throws IOException {
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    try {
      return run(input, out, err, line);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private Ran run(byte[] input, Path out, Path err, String... line) throws IOException {
    Process process =
        builder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException programTookNoInput) {
      assert process.toHandle().pid() > 0;
    }
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("not ended: " + List.of(line) + "\n" + Files.readString(err));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return new Ran(
        process.exitValue(),
        Files.readString(out, StandardCharsets.ISO_8859_1),
        Files.readString(err, StandardCharsets.ISO_8859_1));
  }

  ProcessBuilder builder(String... line) {
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("GIT_") || name.startsWith("SSH_"));
    builder.environment().putAll(environment);
    return builder;
  }
}
