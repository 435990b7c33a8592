package packhorse.ssh;

import java.io.IOException;
import java.io.InputStream;
import org.apache.sshd.common.channel.LocalWindow;
import packhorse.node.ClientGone;

/// What a client writes, as a stream: reading opens the channel's window again.
final class FromClient extends InputStream {
  private final InputRing ring;
  private final LocalWindow window;
  private final byte[] one = new byte[1];

  FromClient(InputRing ring, LocalWindow window) {
    this.ring = ring;
    this.window = window;
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) return 0;
    int taken = ring.take(to, offset, length);
    if (taken > 0 && window.isOpen()) release(taken);
    return taken;
  }

  /// How many bytes are here already; 0 while the client pauses.
  @Override
  public int available() {
    return ring.available();
  }

  private void release(int taken) throws ClientGone {
    try {
      window.release(taken);
    } catch (IOException e) {
      throw new ClientGone("the client is gone", e);
    }
  }
}
