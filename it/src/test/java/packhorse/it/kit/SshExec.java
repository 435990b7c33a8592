package packhorse.it.kit;

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

/// Runs one exec line of a client of a [SshNode]: three virtual threads copy the streams.
final class SshExec implements Command {
  private static final Pattern LINE =
      Pattern.compile("git[- ](upload-pack|receive-pack|upload-archive) '/?([^']*)'");

  private static final Logger LOG = LoggerFactory.getLogger(SshExec.class);

  private final Path root;
  private final String line;
  private @Nullable InputStream fromClient;
  private @Nullable OutputStream toClient;
  private @Nullable OutputStream errorsToClient;
  private @Nullable ExitCallback exit;
  private @Nullable Process git;

  SshExec(Path root, String line) {
    this.root = root;
    this.line = line;
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
    errorsToClient = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession ssh, Environment environment) throws IOException {
    Matcher words = LINE.matcher(line);
    if (!words.matches()) {
      exit(128);
      return;
    }
    var argv = List.of(GitRunner.binary(), words.group(1), root.resolve(words.group(2)).toString());
    var builder = new ProcessBuilder(argv);
    builder.environment().clear();
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().putAll(Map.of("PATH", path, "LC_ALL", "C", "HOME", root.toString()));
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    String version = environment.getEnv().get("GIT_PROTOCOL");
    if (version != null) builder.environment().put("GIT_PROTOCOL", version);
    Process started = builder.start();
    git = started;
    Thread out = copy(started.getInputStream(), toClient, false);
    Thread err = copy(started.getErrorStream(), errorsToClient, false);
    copy(fromClient, started.getOutputStream(), true);
    Thread.ofVirtual().name("ssh-node-exit").start(() -> finish(started, out, err));
  }

  @Override
  public void destroy(ChannelSession ssh) {
    if (git != null) git.destroyForcibly();
  }

  private void finish(Process started, Thread out, Thread err) {
    try {
      out.join();
      err.join();
      exit(started.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      started.destroyForcibly();
    }
  }

  private void exit(int status) {
    if (exit != null) exit.onExit(status);
  }

  private static Thread copy(@Nullable InputStream from, @Nullable OutputStream to, boolean close) {
    return Thread.ofVirtual()
        .name("ssh-node-copy")
        .start(() -> {
          if (from == null || to == null) return;
          try {
            byte[] piece = new byte[32 * 1024];
            for (int n = from.read(piece); n >= 0; n = from.read(piece)) {
              to.write(piece, 0, n);
              to.flush();
            }
            if (close) to.close();
          } catch (IOException gone) {
            // One end closed: without its input or its reader git ends by itself.
            close(to);
          }
        });
  }

  private static void close(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      LOG.debug("closing a stream of an exec", e);
    }
  }
}
