package packhorse.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.apache.sshd.common.channel.LocalWindow;
import packhorse.node.ClientGoneException;

/// Reads the bytes that a client sends on its channel; blocks until some have arrived. Each read
/// enlarges the channel's receive window by the number of bytes read (RFC 4254, section 5.2). When
/// the channel fails or the client is silent for too long, a read throws [ClientGoneException]; if
/// there is no memory for what it sends, [packhorse.request.UnreadableBodyException].
///
/// Used by one thread at a time.
final class ClientInputStream extends InputStream {
  private final ReceiveBuffer received;
  private final LocalWindow window;
  private final Function<IOException, ClientGoneException> clientGone;
  private final byte[] singleByte = new byte[1];

  /// @param clientGone says why the client is gone when the window cannot be enlarged
  ClientInputStream(
      ReceiveBuffer received,
      LocalWindow window,
      Function<IOException, ClientGoneException> clientGone) {
    this.received = received;
    this.window = window;
    this.clientGone = clientGone;
  }

  @Override
  public int read() throws IOException {
    return read(singleByte, 0, 1) < 0 ? -1 : singleByte[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) return 0;
    int count = received.read(to, offset, length);
    if (count > 0 && window.isOpen()) enlargeWindow(count);
    return count;
  }

  /// Returns the number of bytes that can be read without blocking.
  @Override
  public int available() {
    return received.available();
  }

  /// Whether the channel is closed, so that the client can be sent nothing more.
  boolean isAborted() {
    return received.isAborted();
  }

  private void enlargeWindow(int count) throws ClientGoneException {
    try {
      window.release(count);
    } catch (IOException e) {
      throw clientGone.apply(e);
    }
  }
}
