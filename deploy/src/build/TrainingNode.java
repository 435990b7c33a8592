import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An HTTP server that takes the place of a git node during the training. Its responses have git's
/// format, and a pack is sent in pieces as small as git's, but the responses contain no git object.
/// Every repository name and every credential is accepted. Used by [Training].
final class TrainingNode implements AutoCloseable {
  /// A pkt of the pack: side-band 1, and 4,091 bytes in place of pack data.
  private static final byte[] PACK_PKT = pkt("\1" + "x".repeat(4091));

  private static final int PACK_PKTS = 256;
  private static final String TIP = "1".repeat(40);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// Starts the server on a free port of the loopback address.
  TrainingNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::respond);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void respond(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] request = readBody(exchange.getRequestBody());
    try (exchange) {
      if (path.endsWith("/info/refs")) {
        sendText(exchange, advertisement(exchange.getRequestURI().getQuery()));
      } else if (path.endsWith("/git-receive-pack")) {
        sendText(exchange, text(pkt("unpack ok\n")) + text(pkt("ok refs/heads/main\n")) + "0000");
      } else if (text(request).contains("command=ls-refs")) {
        sendText(exchange, text(pkt(TIP + " refs/heads/main\n")) + "0000");
      } else if (path.endsWith("/git-upload-pack")) {
        sendPack(exchange);
      } else {
        sendText(exchange, "ok");
      }
    }
  }

  // The response to `info/refs`: for a push the refs in protocol v0, for a fetch the capabilities
  // of v2.
  private static String advertisement(String query) {
    String service = query.replace("service=", "");
    boolean push = service.equals("git-receive-pack");
    String serviceHeader = text(pkt("# service=" + service + "\n")) + "0000";
    String refs = text(pkt(TIP + " refs/heads/main\0report-status delete-refs\n")) + "0000";
    String v2Capabilities =
        text(pkt("version 2\n")) + text(pkt("ls-refs=unborn\n")) + text(pkt("fetch=shallow\n"));
    return push ? serviceHeader + refs : serviceHeader + v2Capabilities + "0000";
  }

  private static void sendText(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void sendPack(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-git-upload-pack-result");
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    body.write(pkt("packfile\n"));
    for (int n = 0; n < PACK_PKTS; n++) {
      body.write(PACK_PKT);
      body.flush();
    }
    body.write("0000".getBytes(StandardCharsets.ISO_8859_1));
  }

  // Reads the body to its end, and returns its first bytes: they are enough to tell the command.
  private static byte[] readBody(InputStream body) throws IOException {
    byte[] beginning = body.readNBytes(4096);
    body.skip(Long.MAX_VALUE);
    return beginning;
  }

  /// Returns a pkt with this payload, in which each char stands for one byte.
  static byte[] pkt(String payload) {
    return "%04x%s".formatted(payload.length() + 4, payload).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
