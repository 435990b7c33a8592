package packhorse.it.kit.node;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// All bytes that a [RecordingNode] has received on one connection. Written by the connection's
/// thread, read by tests.
public final class RecordedConnection {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private volatile boolean closed;

  synchronized void append(byte[] piece, int length) {
    bytes.write(piece, 0, length);
  }

  void markClosed() {
    closed = true;
  }

  /// Returns whether the client or the script has closed the connection.
  public boolean isClosed() {
    return closed;
  }

  /// Returns all bytes that were received so far.
  public synchronized byte[] bytes() {
    return bytes.toByteArray();
  }

  /// Returns all bytes that were received so far, decoded as ISO-8859-1.
  public String text() {
    return new String(bytes(), StandardCharsets.ISO_8859_1);
  }
}
