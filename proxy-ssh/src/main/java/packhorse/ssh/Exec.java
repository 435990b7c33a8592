package packhorse.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/// An exec request (RFC 4254, section 6.5) as MINA SSHD runs it: the library sets the streams, then
/// starts it, and a virtual thread of its own serves it. However that ends, the client is sent an
/// exit status.
final class Exec implements Command {
  private static final int FAILURE = 128;

  private final GitChannel channel;
  private final SshRefusals refusals;
  private final Consumer<SshConversationClient> task;
  private @Nullable ClientOutputStream toClient;
  private @Nullable ClientOutputStream errors;
  private @Nullable ExitCallback exitCallback;

  /// @param channel whose input is read instead of the library's own input stream
  /// @param task serves the client; called once, on the exec's thread
  Exec(GitChannel channel, SshRefusals refusals, Consumer<SshConversationClient> task) {
    this.channel = channel;
    this.refusals = refusals;
    this.task = task;
  }

  @Override
  public void setInputStream(InputStream unused) {}

  @Override
  public void setOutputStream(OutputStream out) {
    toClient = channel.clientOutput(out);
  }

  @Override
  public void setErrorStream(OutputStream err) {
    errors = channel.clientOutput(err);
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exitCallback = callback;
  }

  @Override
  public void start(ChannelSession session, Environment environment) {
    ExitCallback callback = Objects.requireNonNull(exitCallback);
    var streams =
        new SshConversationClient.Streams(
            channel.clientInput(),
            Objects.requireNonNull(toClient),
            Objects.requireNonNull(errors));
    var client = new SshConversationClient(streams, refusals, channel.memory(), callback::onExit);
    channel.execStarted();
    Thread.ofVirtual().name("ssh-" + refusals.arrival().id()).start(() -> run(client));
  }

  private void run(SshConversationClient client) {
    try {
      task.accept(client);
    } finally {
      client.exit(FAILURE);
      channel.execEnded();
    }
  }

  // There is no process to end, and the channel itself tells the reader of its input that the
  // client is gone.
  @Override
  public void destroy(ChannelSession session) {}
}
