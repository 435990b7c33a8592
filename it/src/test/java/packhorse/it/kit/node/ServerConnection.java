package packhorse.it.kit.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import packhorse.it.kit.http.RawMessage;

/// The server's side of a connection to a [RecordingNode]: reads requests and writes exact bytes.
/// Used by the connection's thread only.
public final class ServerConnection {
  private final Socket socket;
  private final InputStream fromClient;
  private final OutputStream toClient;

  ServerConnection(Socket socket, RecordedConnection recording) throws IOException {
    this.socket = socket;
    this.fromClient = new RecordingInputStream(socket.getInputStream(), recording);
    this.toClient = socket.getOutputStream();
  }

  /// Reads one HTTP/1.1 request with its body. Returns empty at the end of the connection.
  public Optional<RawMessage> readRequest() throws IOException {
    return RawMessage.read(fromClient, true);
  }

  /// Reads the head of a request and leaves its body in the stream.
  public Optional<String> readHead() throws IOException {
    return RawMessage.readHead(fromClient);
  }

  /// Reads this many bytes, or fewer at the end of the connection.
  public byte[] read(int count) throws IOException {
    return fromClient.readNBytes(count);
  }

  /// Reads and discards everything until the client closes the connection.
  public void drain() throws IOException {
    fromClient.transferTo(OutputStream.nullOutputStream());
  }

  /// Sends bytes and flushes them.
  public void send(byte[] bytes) throws IOException {
    toClient.write(bytes);
    toClient.flush();
  }

  /// Sends a text, encoded as ISO-8859-1.
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends a complete response with `Content-Length`.
  ///
  /// @param head status line and headers, each with its CR LF, without the empty line
  public void respond(String head, byte[] body) throws IOException {
    var all = new ByteArrayOutputStream();
    all.writeBytes(
        (head + "Content-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    send(all.toByteArray());
  }

  /// Shuts down the output of the connection. The client may go on sending.
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /// Closes the connection with a reset instead of an orderly close.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static final class RecordingInputStream extends InputStream {
    private final InputStream in;
    private final RecordedConnection recording;

    RecordingInputStream(InputStream in, RecordedConnection recording) {
      this.in = in;
      this.recording = recording;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      if (n > 0) recording.append(Arrays.copyOfRange(buffer, offset, offset + n), n);
      return n;
    }
  }
}
