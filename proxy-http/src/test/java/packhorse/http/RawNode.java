package packhorse.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A node that does exactly what a test says, byte for byte, and writes down what it heard.
final class RawNode implements AutoCloseable {
  private final ServerSocket server;
  private final Serving serving;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /// One request: its head, and its connection to read on from and to answer to. Returns whether
  /// another request may follow.
  interface Serving {
    boolean serve(Heard request, InputStream in, OutputStream out) throws IOException;
  }

  /// The head of a request, line by line without line ends.
  record Heard(int connection, List<String> head) {
    String line() {
      return head.getFirst();
    }

    List<String> values(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  RawNode(Serving serving) throws IOException {
    this.serving = serving;
    this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// A node that answers each request with the same bytes.
  static RawNode answering(String answer) throws IOException {
    return new RawNode((request, in, out) -> {
      body(request, in);
      out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    });
  }

  /// Reads the body of a request to its end.
  static byte[] body(Heard request, InputStream in) throws IOException {
    List<String> length = request.values("Content-Length");
    if (!length.isEmpty()) return in.readNBytes(Integer.parseInt(length.getFirst()));
    if (request.values("Transfer-Encoding").isEmpty()) return new byte[0];
    var whole = new java.io.ByteArrayOutputStream();
    for (int n = size(in); n > 0; n = size(in)) {
      whole.write(in.readNBytes(n));
      in.readNBytes(2);
    }
    line(in);
    return whole.toByteArray();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /// The requests so far, in the order in which their heads came.
  List<Heard> heard() {
    return heard;
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, number));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      while (true) {
        List<String> head = head(in);
        if (head.isEmpty()) return;
        var request = new Heard(number, head);
        heard.add(request);
        if (!serving.serve(request, in, out)) {
          leave(socket);
          return;
        }
      }
    } catch (SocketException cut) {
      // the other side may go at any time
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // as real ones do: last words that are followed by a reset would be lost
  private static void leave(Socket socket) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(1000);
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException enough) {
      return;
    }
  }

  private static int size(InputStream in) throws IOException {
    String line = line(in);
    return line.isEmpty() ? 0 : Integer.parseInt(line, 16);
  }

  private static List<String> head(InputStream in) throws IOException {
    var lines = new java.util.ArrayList<String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) lines.add(line);
    return lines;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
      if (c != '\r') line.append((char) c);
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) socket.close();
  }
}
