package packhorse.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Provides the shell environment for the demo's steps, whether the user pastes them or
/// [DemoPlayer] runs them: git and ssh use the demo's settings and keys, and neither read nor write
/// anything in the user's home folder.
///
/// @param folder the folder of the demo
record DemoShell(Path folder) {
  private static final Pattern PLAIN_WORD = Pattern.compile("[\\w./:@=+-]+");

  /// Writes the file `env`, which a shell must source before the first step, and the files that it
  /// refers to.
  static DemoShell write(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("work"));
    Files.writeString(
        folder.resolve("gitconfig"),
        """
        [user]
        	name = Alice Ames
        	email = alice@acme.example
        [init]
        	defaultBranch = main
        [advice]
        	detachedHead = false
        """);
    Files.writeString(
        folder.resolve("env"),
        """
        export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL='%1$s/gitconfig' GIT_TERMINAL_PROMPT=0
        export GIT_SSH_COMMAND="ssh -F /dev/null -i '%1$s/keys/alice' -o IdentitiesOnly=yes \
        -o UserKnownHostsFile='%1$s/known_hosts' -o GlobalKnownHostsFile=none -o BatchMode=yes"
        cd '%1$s/work'
        """
            .formatted(folder));
    return new DemoShell(folder);
  }

  /// Returns the command that sources the file `env`, to be run before any other.
  String firstCommand() {
    return ". " + folder + "/env";
  }

  /// Runs a command with empty standard input, and waits until it exits, without a timeout.
  CommandResult run(String command) throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder(List.of("sh", "-c", firstCommand() + "\n" + command))
            .redirectErrorStream(true);
    shell.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process process = shell.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new CommandResult(process.waitFor(), output);
  }

  /// Returns the word quoted for a shell, or unchanged if it consists of plain characters only.
  static String quote(String word) {
    return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// The exit status of a command, and what it wrote to standard output and standard error
  /// together.
  record CommandResult(int status, String output) {}
}
