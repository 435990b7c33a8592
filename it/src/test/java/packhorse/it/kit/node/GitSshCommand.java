package packhorse.it.kit.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.it.kit.git.GitRunner;

/// Runs git for one exec request of a client of [SshNode]. The SSH server sets the streams and the
/// exit callback, and then calls [#start], which does not block: three virtual threads copy the
/// streams, and a fourth sends git's exit status when its output has been copied. A command that is
/// not one of git's gets the exit status 128.
final class GitSshCommand implements Command {
  private static final Pattern COMMAND =
      Pattern.compile("git[- ](upload-pack|receive-pack|upload-archive) '/?([^']*)'");

  private static final Logger LOG = LoggerFactory.getLogger(GitSshCommand.class);

  private final Path root;
  private final String commandLine;
  private @Nullable InputStream fromClient;
  private @Nullable OutputStream toClient;
  private @Nullable OutputStream stderrToClient;
  private @Nullable ExitCallback exit;
  private @Nullable Process git;

  /// @param root the folder that contains the repositories
  /// @param commandLine the command of the exec request, such as `git-upload-pack '/acme/app.git'`
  GitSshCommand(Path root, String commandLine) {
    this.root = root;
    this.commandLine = commandLine;
  }

  @Override
  public void setInputStream(InputStream in) {
    fromClient = in;
  }

  @Override
  public void setOutputStream(OutputStream out) {
    toClient = out;
  }

  @Override
  public void setErrorStream(OutputStream err) {
    stderrToClient = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession ssh, Environment environment) throws IOException {
    Matcher parts = COMMAND.matcher(commandLine);
    if (!parts.matches()) {
      reportExit(128);
      return;
    }
    var argv = List.of(GitRunner.binary(), parts.group(1), root.resolve(parts.group(2)).toString());
    var builder = new ProcessBuilder(argv);
    builder.environment().clear();
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().putAll(Map.of("PATH", path, "LC_ALL", "C", "HOME", root.toString()));
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    String version = environment.getEnv().get("GIT_PROTOCOL");
    if (version != null) builder.environment().put("GIT_PROTOCOL", version);
    Process process = builder.start();
    git = process;
    Thread out = copy(process.getInputStream(), toClient, false);
    Thread err = copy(process.getErrorStream(), stderrToClient, false);
    copy(fromClient, process.getOutputStream(), true);
    Thread.ofVirtual().name("ssh-node-exit").start(() -> finish(process, out, err));
  }

  @Override
  public void destroy(ChannelSession ssh) {
    if (git != null) git.destroyForcibly();
  }

  private void finish(Process process, Thread out, Thread err) {
    try {
      out.join();
      err.join();
      reportExit(process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private void reportExit(int status) {
    if (exit != null) exit.onExit(status);
  }

  /// Starts a thread that copies a stream to its end.
  ///
  /// @param closeAtEnd whether `to` is then closed, so that git sees the end of its input
  private static Thread copy(
      @Nullable InputStream from, @Nullable OutputStream to, boolean closeAtEnd) {
    return Thread.ofVirtual()
        .name("ssh-node-copy")
        .start(() -> {
          if (from == null || to == null) return;
          try {
            byte[] buffer = new byte[32 * 1024];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
              to.write(buffer, 0, n);
              to.flush();
            }
            if (closeAtEnd) to.close();
          } catch (IOException closed) {
            // The client left, or git ended. A git that still runs ends by itself when its input is
            // closed or nobody reads its output.
            closeQuietly(to);
          }
        });
  }

  private static void closeQuietly(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      LOG.debug("closing a stream of an exec request", e);
    }
  }
}
