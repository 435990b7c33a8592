package packhorse.it.dialects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.process.TempFiles;
import packhorse.it.kit.ssh.OpenSshClient;

/// A wrapper of OpenSSH for git that records both directions of each connection before encryption.
/// For one thread.
final class SshTap {
  private final Path folder;
  private final Path script;

  /// The recorded data of one connection.
  ///
  /// @param command the command of the exec request
  /// @param fromClient what git sent
  /// @param toClient what git received
  record Recording(String command, String fromClient, String toClient) {}

  /// @param folder an existing folder for the recordings
  SshTap(Path folder, OpenSshClient client) throws IOException {
    this.folder = folder;
    this.script = folder.resolve("ssh");
    // The last argument is the command.
    Files.writeString(
        script,
        """
        #!/bin/sh
        for last; do :; done
        one='%1$s'/recording-$(ls '%1$s' | wc -l)
        mkdir "$one"
        printf %%s "$last" > "$one/command"
        tee "$one/up" | %2$s "$@" | tee "$one/down"
        """
            .formatted(folder, client.commandLine()));
    if (!script.toFile().setExecutable(true))
      throw new IOException("cannot make executable: " + script);
  }

  /// Returns a copy of `git` that uses this wrapper.
  GitRunner configure(GitRunner git) {
    return git.env("GIT_SSH", script.toString()).env("GIT_SSH_VARIANT", "ssh");
  }

  /// Deletes all recordings.
  void clear() {
    recordingFolders().forEach(TempFiles::delete);
  }

  /// Returns the recordings in the order of the connections.
  List<Recording> recordings() {
    List<Recording> recordings = new ArrayList<>();
    for (Path recordingFolder : recordingFolders())
      recordings.add(
          new Recording(
              read(recordingFolder, "command"),
              read(recordingFolder, "up"),
              read(recordingFolder, "down")));
    return recordings;
  }

  private List<Path> recordingFolders() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path folder, String name) {
    try {
      return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
