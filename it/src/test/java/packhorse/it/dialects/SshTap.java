package packhorse.it.dialects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Scratch;
import packhorse.it.kit.SshWay;

/// OpenSSH for git with a listener on both of its pipes, where nothing is encrypted. For one
/// thread.
final class SshTap {
  private final Path folder;
  private final Path script;

  /// What went through one connection.
  ///
  /// @param command what the server was to run
  /// @param up from git
  /// @param down to git
  record Heard(String command, String up, String down) {}

  /// @param folder where it writes; must be there
  SshTap(Path folder, SshWay way) throws IOException {
    this.folder = folder;
    this.script = folder.resolve("ssh");
    // the last argument is the command
    Files.writeString(
        script,
        """
        #!/bin/sh
        for last; do :; done
        one='%1$s'/said-$(ls '%1$s' | wc -l)
        mkdir "$one"
        printf %%s "$last" > "$one/command"
        tee "$one/up" | %2$s "$@" | tee "$one/down"
        """
            .formatted(folder, way.line()));
    if (!script.toFile().setExecutable(true)) throw new IOException("no program: " + script);
  }

  /// A git that goes through here.
  GitRunner equip(GitRunner git) {
    return git.env("GIT_SSH", script.toString()).env("GIT_SSH_VARIANT", "ssh");
  }

  /// Begins anew.
  void forget() {
    said().forEach(Scratch::delete);
  }

  /// What went through, in the order of connections.
  List<Heard> heard() {
    List<Heard> heard = new ArrayList<>();
    for (Path one : said())
      heard.add(new Heard(read(one, "command"), read(one, "up"), read(one, "down")));
    return heard;
  }

  private List<Path> said() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
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
