package packhorse.http;

import java.io.IOException;
import java.io.OutputStream;

/// Where a feeder writes. Each write returns when the bytes are on their way, so that no more than
/// one piece is held; a failure of the node's side is told apart from any failure of the client's.
final class ToNode extends OutputStream {
  private final OutputStream out;
  private final NodeExchange exchange;

  /// The node's side takes no more: it answered already, or it failed.
  static final class Stopped extends IOException {
    private static final long serialVersionUID = 1;

    Stopped(String what, Throwable cause) {
      super(what, cause);
    }

    Stopped(String what) {
      super(what);
    }
  }

  ToNode(StreamedBody body, NodeExchange exchange) {
    this.out = body.getOutputStream();
    this.exchange = exchange;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (exchange.turnedAway()) throw new Stopped("the node answered before the end of the body");
    try {
      out.write(bytes, from, count);
    } catch (IOException | RuntimeException e) {
      throw new Stopped("the node takes no more", e);
    }
  }
}
