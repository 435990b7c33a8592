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

/// Runs a program until it exits. It inherits the environment of this process without the variables
/// of git and SSH.
///
/// @param environment additional variables
record Command(Path folder, Map<String, String> environment) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /// The exit status and the output of a program.
  record Result(int status, String out, String err) {
    Result expectSuccess() {
      if (status != 0) throw new AssertionError("status " + status + "\n" + out + "\n" + err);
      return this;
    }

    String output() {
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

  Result run(String... line) throws IOException {
    return run(new byte[0], line);
  }

  Result run(byte[] input, String... line) throws IOException {
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    try {
      return run(input, out, err, line);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private Result run(byte[] input, Path out, Path err, String... line) throws IOException {
    Process process =
        builder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException inputNotRead) {
      // The program has ended before it read all of its input; its result says why.
    }
    try {
      if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("still running: " + List.of(line) + "\n" + Files.readString(err));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return new Result(
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
