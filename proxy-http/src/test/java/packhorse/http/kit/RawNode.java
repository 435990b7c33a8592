package packhorse.http.kit;

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

/// A node that sends exactly the bytes of a test and records the requests that it receives.
public final class RawNode implements AutoCloseable {
  private final ServerSocket server;
  private final Responder responder;
  private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connectionCount = new AtomicInteger();

  /// Responds to one request.
  public interface Responder {
    /// Reads the body of a request, if it has one, and writes a response.
    ///
    /// @param in the rest of the connection after the request head
    /// @return whether the connection stays open for another request
    boolean respond(ReceivedRequest request, InputStream in, OutputStream out) throws IOException;
  }

  /// A request head.
  ///
  /// @param connection the number of its connection, from 1
  /// @param head its lines without line ends
  public record ReceivedRequest(int connection, List<String> head) {
    public String requestLine() {
      return head.getFirst();
    }

    public List<String> values(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  public RawNode(Responder responder) throws IOException {
    this.responder = responder;
    this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// A node that sends the same bytes in response to each request.
  public static RawNode respondingWith(String response) throws IOException {
    return new RawNode((request, in, out) -> {
      readBody(request, in);
      out.write(response.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    });
  }

  /// Reads the body of a request to its end.
  public static byte[] readBody(ReceivedRequest request, InputStream in) throws IOException {
    List<String> length = request.values("Content-Length");
    if (!length.isEmpty()) return in.readNBytes(Integer.parseInt(length.getFirst()));
    if (request.values("Transfer-Encoding").isEmpty()) return new byte[0];
    var body = new java.io.ByteArrayOutputStream();
    for (int n = readChunkSize(in); n > 0; n = readChunkSize(in)) {
      body.write(in.readNBytes(n));
      in.readNBytes(2);
    }
    readLine(in);
    return body.toByteArray();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /// The requests so far, in the order in which their heads arrived.
  public List<ReceivedRequest> requests() {
    return requests;
  }

  public int connectionCount() {
    return connectionCount.get();
  }

  /// How many connections carried requests. A client may open others that it then does not need.
  public long connectionsInUse() {
    return requests.stream().mapToInt(ReceivedRequest::connection).distinct().count();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        int connection = connectionCount.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int connection) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      while (true) {
        List<String> head = readHead(in);
        if (head.isEmpty()) return;
        var request = new ReceivedRequest(connection, head);
        requests.add(request);
        if (!responder.respond(request, in, out)) {
          closeGracefully(socket);
          return;
        }
      }
    } catch (SocketException cut) {
      // The proxy may close the connection at any time.
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // As real nodes do: a reset would discard the last bytes of a response.
  private static void closeGracefully(Socket socket) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(1000);
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException stillOpen) {
      return;
    }
  }

  private static int readChunkSize(InputStream in) throws IOException {
    String line = readLine(in);
    return line.isEmpty() ? 0 : Integer.parseInt(line, 16);
  }

  private static List<String> readHead(InputStream in) throws IOException {
    var lines = new java.util.ArrayList<String>();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) lines.add(line);
    return lines;
  }

  private static String readLine(InputStream in) throws IOException {
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
