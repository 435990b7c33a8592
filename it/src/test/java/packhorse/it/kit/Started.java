package packhorse.it.kit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program that runs now. Closing it kills the program with all its children and deletes its
/// output; used by one thread.
public final class Started implements AutoCloseable {
  private final Command command;
  private final Process process;
  private final Path out;
  private final Path err;

  Started(Command command, Process process, Path out, Path err) {
    this.command = command;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// What the program reads, if the command is piped.
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /// What the program has written so far.
  public String outputSoFar() {
    return read(out);
  }

  /// What the program has complained about so far.
  public String errorsSoFar() {
    return read(err);
  }

  /// Sends a signal, `STOP` for example, to the program and all its children.
  public void signal(String name) {
    Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .forEach(p -> Command.of(Path.of("/"), "kill", "-" + name, Long.toString(p.pid())).run());
  }

  /// Waits for the end.
  ///
  /// @throws AssertionError if it does not come within the command's limit
  public Ran finish() {
    return finish(command.limit());
  }

  /// Waits for the end.
  ///
  /// @throws AssertionError if it does not come within `limit`
  public Ran finish(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Ran(command.argv(), process.exitValue(), read(out), read(err));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    var late = new Ran(command.argv(), -1, read(out), read(err));
    throw new AssertionError("still running after " + limit.toSeconds() + " s: " + late);
  }

  /// Kills the program and all its children at once.
  public void kill() {
    if (!process.isAlive()) return;
    var children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    kill();
    Scratch.delete(out);
    Scratch.delete(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
