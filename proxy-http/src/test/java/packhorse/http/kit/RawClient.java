package packhorse.http.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import packhorse.wire.ByteString;

/// An HTTP/1 client that sends exactly the bytes of a test.
public final class RawClient implements AutoCloseable {
  public static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /// A response.
  ///
  /// @param head its lines without line ends, trailers included
  /// @param complete whether the body was received to its end
  public record Response(List<String> head, ByteString bytes, boolean complete) {
    Response(List<String> head, byte[] body, boolean complete) {
      this(head, ByteString.copyOf(body), complete);
    }

    public byte[] body() {
      return bytes.toArray();
    }

    public int status() {
      return head.isEmpty() ? 0 : Integer.parseInt(head.getFirst().substring(9, 12));
    }

    public String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }

    public List<String> values(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /// Sends one request on a connection of its own and reads the response.
  public static Response exchange(int port, String request) throws IOException {
    try (var client = new RawClient(port)) {
      client.send(request);
      return client.readResponse();
    }
  }

  public static String get(String path, String... lines) {
    return request("GET " + path + " HTTP/1.1", lines);
  }

  public static String post(String path, String type, String body, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Content-Type: " + type);
    all.add("Content-Length: " + body.length());
    return request("POST " + path + " HTTP/1.1", all.toArray(new String[0])) + body;
  }

  public static String request(String line, String... lines) {
    String more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return line + "\r\nHost: code.test\r\n" + more + "\r\n";
  }

  public void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// Closes with a reset, so that the proxy sees its connection fail.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /// Reads until the received text ends with this suffix.
  public String readUntil(String suffix) throws IOException {
    var read = new StringBuilder();
    while (read.length() < suffix.length()
        || !read.substring(read.length() - suffix.length()).equals(suffix)) {
      int next = in.read();
      if (next < 0) throw new IOException("connection closed after: " + read);
      read.append((char) next);
    }
    return read.toString();
  }

  public Response readResponse() throws IOException {
    return readResponse(false);
  }

  public Response readResponse(boolean headOnly) throws IOException {
    List<String> head = new ArrayList<>();
    try {
      for (String line = readLine(); !line.isEmpty(); line = readLine()) head.add(line);
      if (head.isEmpty() || headOnly) return new Response(head, new byte[0], !head.isEmpty());
      return readBody(head);
    } catch (SocketException reset) {
      return new Response(head, new byte[0], false);
    }
  }

  private Response readBody(List<String> head) throws IOException {
    var response = new Response(head, new byte[0], true);
    if (response.status() == 204 || response.status() == 304) return response;
    List<String> length = response.values("Content-Length");
    if (!length.isEmpty()) {
      int size = Integer.parseInt(length.getFirst());
      byte[] body = in.readNBytes(size);
      return new Response(head, body, body.length == size);
    }
    if (response.values("Transfer-Encoding").isEmpty()) {
      return new Response(head, in.readAllBytes(), true);
    }
    return readChunked(head);
  }

  private Response readChunked(List<String> head) throws IOException {
    var body = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>(head);
    while (true) {
      String size = readLine();
      if (size.isEmpty()) return new Response(lines, body.toByteArray(), false);
      int n = Integer.parseInt(size, 16);
      if (n == 0) break;
      byte[] chunk = in.readNBytes(n);
      body.write(chunk);
      if (chunk.length < n) return new Response(lines, body.toByteArray(), false);
      in.readNBytes(2);
    }
    for (String line = readLine(); !line.isEmpty(); line = readLine()) lines.add(line);
    return new Response(lines, body.toByteArray(), true);
  }

  /// Whether a byte arrives in that time.
  public boolean receivesWithin(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      return in.read() >= 0;
    } catch (SocketTimeoutException nothing) {
      return false;
    } catch (SocketException closed) {
      return false;
    } finally {
      socket.setSoTimeout(20_000);
    }
  }

  /// Whether the proxy closes the connection in that time without sending anything before.
  public boolean isClosedWithin(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    } finally {
      socket.setSoTimeout(20_000);
    }
  }

  /// Whether the proxy closes the connection, after any bytes that it still sends.
  public boolean isClosed() throws IOException {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /// Reads until the proxy closes the connection.
  ///
  /// @throws SocketException if it is reset
  public byte[] readToEnd() throws IOException {
    return in.readAllBytes();
  }

  InputStream in() {
    return in;
  }

  private String readLine() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
      if (c != '\r') line.append((char) c);
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
