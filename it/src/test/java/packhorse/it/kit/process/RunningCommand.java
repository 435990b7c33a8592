package packhorse.it.kit.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A running program. Closing it kills the program with all its children and deletes the files with
/// its output. For one thread.
public final class RunningCommand implements AutoCloseable {
  private final Command command;
  private final Process process;
  private final Path out;
  private final Path err;

  RunningCommand(Command command, Process process, Path out, Path err) {
    this.command = command;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// Returns the program's standard input, if the command was made with [Command#pipeInput()].
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Returns what the program has written to standard output so far.
  public String outputSoFar() {
    return read(out);
  }

  /// Returns what the program has written to standard error so far.
  public String errorsSoFar() {
    return read(err);
  }

  /// Sends a signal, `STOP` for example, to the program and all its children.
  public void signal(String name) {
    Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .forEach(p -> Command.of(Path.of("/"), "kill", "-" + name, Long.toString(p.pid())).run());
  }

  /// Waits for the program's end.
  ///
  /// @throws AssertionError if the program is still running after the command's timeout
  public CommandResult waitFor() {
    return waitFor(command.timeout());
  }

  /// Waits for the program's end.
  ///
  /// @throws AssertionError if the program is still running after `limit`
  public CommandResult waitFor(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new CommandResult(command.argv(), process.exitValue(), read(out), read(err));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    var unfinished = new CommandResult(command.argv(), -1, read(out), read(err));
    throw new AssertionError("still running after " + limit.toSeconds() + " s: " + unfinished);
  }

  /// Kills the program and all its children.
  public void kill() {
    if (!process.isAlive()) return;
    var children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    kill();
    TempFiles.delete(out);
    TempFiles.delete(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
