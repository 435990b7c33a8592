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

/// One exec as the library sees it: it hands over the streams, then starts it; the work is done on
/// a virtual thread of its own. However that ends, the client gets an exit status.
final class Exec implements Command {
  private static final int FAILED = 128;

  private final InputStream fromClient;
  private final SshRefusals refusals;
  private final Consumer<SshClientSide> work;
  private @Nullable ToClient toClient;
  private @Nullable ToClient errors;
  private @Nullable ExitCallback exit;

  Exec(InputStream fromClient, SshRefusals refusals, Consumer<SshClientSide> work) {
    this.fromClient = fromClient;
    this.refusals = refusals;
    this.work = work;
  }

  @Override
  public void setInputStream(InputStream unused) {}

  @Override
  public void setOutputStream(OutputStream out) {
    toClient = new ToClient(out);
  }

  @Override
  public void setErrorStream(OutputStream err) {
    errors = new ToClient(err);
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    ExitCallback callback = Objects.requireNonNull(exit);
    var streams =
        new SshClientSide.Streams(
            fromClient, Objects.requireNonNull(toClient), Objects.requireNonNull(errors));
    var client = new SshClientSide(streams, refusals, callback::onExit);
    Thread.ofVirtual().name("ssh-" + refusals.arrival().id()).start(() -> run(client));
  }

  private void run(SshClientSide client) {
    try {
      work.accept(client);
    } finally {
      client.end(FAILED);
    }
  }

  // the channel tells the reader that the client is gone; there is no process to end
  @Override
  public void destroy(ChannelSession channel) {}
}
