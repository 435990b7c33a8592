package packhorse.it.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The script's end of one connection to a [RecordingNode]: reads whole requests and writes exact
/// bytes. Used by the connection's thread only.
public final class Line {
  private final Socket socket;
  private final InputStream fromClient;
  private final OutputStream toClient;

  Line(Socket socket, Heard heard) throws IOException {
    this.socket = socket;
    this.fromClient = new Recorded(socket.getInputStream(), heard);
    this.toClient = socket.getOutputStream();
  }

  /// Reads one HTTP/1.1 request with its body; empty at the end of the connection.
  public Optional<RawMessage> request() throws IOException {
    return RawMessage.read(fromClient, true);
  }

  /// Reads only the head of a request, and leaves its body on the line.
  public Optional<String> head() throws IOException {
    return RawMessage.head(fromClient);
  }

  /// Reads exactly so many bytes, or fewer at the end of the connection.
  public byte[] read(int count) throws IOException {
    return fromClient.readNBytes(count);
  }

  /// Reads and forgets everything until the peer closes.
  public void drain() throws IOException {
    fromClient.transferTo(OutputStream.nullOutputStream());
  }

  /// Sends exact bytes at once.
  public void send(byte[] bytes) throws IOException {
    toClient.write(bytes);
    toClient.flush();
  }

  /// Sends a text as ISO-8859-1.
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends a whole answer with `Content-Length`.
  ///
  /// @param head status line and headers, each ended by CR LF, without the empty line
  public void answer(String head, byte[] body) throws IOException {
    var all = new ByteArrayOutputStream();
    all.writeBytes(
        (head + "Content-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    send(all.toByteArray());
  }

  /// Ends our half: the peer reads an end, and may go on sending.
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /// Ends the connection with a reset instead of an orderly close.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static final class Recorded extends InputStream {
    private final InputStream in;
    private final Heard heard;

    Recorded(InputStream in, Heard heard) {
      this.in = in;
      this.heard = heard;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] piece, int offset, int length) throws IOException {
      int n = in.read(piece, offset, length);
      if (n > 0) heard.add(java.util.Arrays.copyOfRange(piece, offset, offset + n), n);
      return n;
    }
  }
}
