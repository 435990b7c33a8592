package packhorse.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Function;
import packhorse.node.ClientGoneException;

/// Writes to the client: to the standard output or the standard error of its exec. Every failure to
/// write is a [ClientGoneException], because only the client's connection can fail here.
final class ClientOutputStream extends OutputStream {
  private final OutputStream channel;
  private final ConnectionActivity.ExecActivity progress;
  private final Function<IOException, ClientGoneException> clientGone;
  private boolean hasWritten;

  /// @param clientGone says why the client is gone when a write fails
  ClientOutputStream(
      OutputStream channel,
      ConnectionActivity.ExecActivity progress,
      Function<IOException, ClientGoneException> clientGone) {
    this.channel = channel;
    this.progress = progress;
    this.clientGone = clientGone;
  }

  /// Whether anything has been written.
  boolean hasWritten() {
    return hasWritten;
  }

  @Override
  public void write(int b) throws ClientGoneException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws ClientGoneException {
    hasWritten = true;
    progress.writeStarted();
    try {
      channel.write(bytes, offset, length);
    } catch (IOException e) {
      throw clientGone.apply(e);
    } finally {
      progress.writeEnded();
    }
  }

  @Override
  public void flush() throws ClientGoneException {
    progress.writeStarted();
    try {
      channel.flush();
    } catch (IOException e) {
      throw clientGone.apply(e);
    } finally {
      progress.writeEnded();
    }
  }
}
