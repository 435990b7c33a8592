package packhorse.it.kit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Every byte of one connection to a [RecordingNode]. Written by the connection's thread, read by
/// tests.
public final class Heard {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private volatile boolean closed;

  synchronized void add(byte[] piece, int length) {
    bytes.write(piece, 0, length);
  }

  void end() {
    closed = true;
  }

  /// Whether the peer, or the script, has ended the connection.
  public boolean closed() {
    return closed;
  }

  /// All bytes so far.
  public synchronized byte[] bytes() {
    return bytes.toByteArray();
  }

  /// All bytes so far, as ISO-8859-1.
  public String text() {
    return new String(bytes(), StandardCharsets.ISO_8859_1);
  }
}
