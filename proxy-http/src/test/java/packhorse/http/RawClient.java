package packhorse.http;

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
import packhorse.wire.Bytes;

/// A client that sends exactly the bytes of a test.
final class RawClient implements AutoCloseable {
  static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /// One answer. Its body is whole, or the connection ended before.
  record Answer(List<String> head, Bytes content, boolean whole) {
    Answer(List<String> head, byte[] body, boolean whole) {
      this(head, Bytes.copyOf(body), whole);
    }

    byte[] body() {
      return content.toArray();
    }

    int status() {
      return head.isEmpty() ? 0 : Integer.parseInt(head.getFirst().substring(9, 12));
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }

    List<String> values(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /// Sends one request on a connection of its own and reads the answer.
  static Answer ask(int port, String request) throws IOException {
    try (var client = new RawClient(port)) {
      client.send(request);
      return client.answer();
    }
  }

  static String get(String path, String... lines) {
    return request("GET " + path + " HTTP/1.1", lines);
  }

  static String post(String path, String type, String body, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Content-Type: " + type);
    all.add("Content-Length: " + body.length());
    return request("POST " + path + " HTTP/1.1", all.toArray(new String[0])) + body;
  }

  static String request(String line, String... lines) {
    String more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return line + "\r\nHost: code.test\r\n" + more + "\r\n";
  }

  void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// Closes with a reset: the other side sees its connection fail.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /// Reads until what came ends with this.
  String until(String end) throws IOException {
    var read = new StringBuilder();
    while (read.length() < end.length()
        || !read.substring(read.length() - end.length()).equals(end)) {
      int next = in.read();
      if (next < 0) throw new IOException("ended behind: " + read);
      read.append((char) next);
    }
    return read.toString();
  }

  Answer answer() throws IOException {
    return answer(false);
  }

  Answer answer(boolean headOnly) throws IOException {
    List<String> head = new ArrayList<>();
    try {
      for (String line = line(); !line.isEmpty(); line = line()) head.add(line);
      if (head.isEmpty() || headOnly) return new Answer(head, new byte[0], !head.isEmpty());
      return body(head);
    } catch (SocketException cut) {
      return new Answer(head, new byte[0], false);
    }
  }

  private Answer body(List<String> head) throws IOException {
    var answer = new Answer(head, new byte[0], true);
    if (answer.status() == 204 || answer.status() == 304) return answer;
    List<String> length = answer.values("Content-Length");
    if (!length.isEmpty()) {
      int size = Integer.parseInt(length.getFirst());
      byte[] body = in.readNBytes(size);
      return new Answer(head, body, body.length == size);
    }
    if (answer.values("Transfer-Encoding").isEmpty()) {
      return new Answer(head, in.readAllBytes(), true);
    }
    return chunked(head);
  }

  private Answer chunked(List<String> head) throws IOException {
    var whole = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>(head);
    while (true) {
      String size = line();
      if (size.isEmpty()) return new Answer(lines, whole.toByteArray(), false);
      int n = Integer.parseInt(size, 16);
      if (n == 0) break;
      byte[] chunk = in.readNBytes(n);
      whole.write(chunk);
      if (chunk.length < n) return new Answer(lines, whole.toByteArray(), false);
      in.readNBytes(2);
    }
    for (String line = line(); !line.isEmpty(); line = line()) lines.add(line);
    return new Answer(lines, whole.toByteArray(), true);
  }

  /// Whether a byte of an answer comes in that time.
  boolean answersWithin(Duration time) throws IOException {
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

  /// Whether the other side closes in that time and says nothing before.
  boolean closedWithin(Duration time) throws IOException {
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

  /// Whether the other side closes, after whatever else it still says.
  boolean closed() throws IOException {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  InputStream in() {
    return in;
  }

  private String line() throws IOException {
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
