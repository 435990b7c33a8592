package packhorse.ssh;

import java.io.IOException;
import java.io.OutputStream;
import packhorse.node.ClientGone;

/// What the client reads, as a stream: a failure here is always the client's.
final class ToClient extends OutputStream {
  private final OutputStream channel;
  private boolean begun;

  ToClient(OutputStream channel) {
    this.channel = channel;
  }

  /// Whether anything was written.
  boolean begun() {
    return begun;
  }

  @Override
  public void write(int b) throws ClientGone {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws ClientGone {
    begun = true;
    try {
      channel.write(bytes, offset, length);
    } catch (IOException e) {
      throw new ClientGone("the client is gone", e);
    }
  }

  @Override
  public void flush() throws ClientGone {
    try {
      channel.flush();
    } catch (IOException e) {
      throw new ClientGone("the client is gone", e);
    }
  }
}
