package packhorse.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The shell in which the demo's steps run, pasted or played: git and ssh know the demo's settings
/// and keys there, and neither read nor write anything in the home folder.
///
/// @param folder the demo's folder
record DemoShell(Path folder) {
  /// Writes the file `env` that a shell reads first, and what it names.
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

  /// What to paste first.
  String firstCommand() {
    return ". " + folder + "/env";
  }

  /// Runs a command to its end, with no input; what it says on either stream comes back as text.
  Ran run(String command) throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder(List.of("sh", "-c", firstCommand() + "\n" + command))
            .redirectErrorStream(true);
    shell.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process process = shell.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said);
  }

  /// How a command ended and what it said.
  record Ran(int status, String said) {}
}
