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

/// What stands in for a git node while a start-up cache is trained: its answers have the form of
/// git's, in the small pieces in which git sends them, and no object in them.
final class TrainingNode implements AutoCloseable {
  private static final byte[] FRAME = pkt("\1" + "x".repeat(4091));
  private static final int FRAMES = 256;
  private static final String TIP = "1".repeat(40);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  TrainingNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] question = read(exchange.getRequestBody());
    try (exchange) {
      if (path.endsWith("/info/refs")) {
        small(exchange, advertisement(exchange.getRequestURI().getQuery()));
      } else if (path.endsWith("/git-receive-pack")) {
        small(exchange, text(pkt("unpack ok\n")) + text(pkt("ok refs/heads/main\n")) + "0000");
      } else if (text(question).contains("command=ls-refs")) {
        small(exchange, text(pkt(TIP + " refs/heads/main\n")) + "0000");
      } else if (path.endsWith("/git-upload-pack")) {
        pack(exchange);
      } else {
        small(exchange, "ok");
      }
    }
  }

  private static String advertisement(String query) {
    String service = query.replace("service=", "");
    boolean push = service.equals("git-receive-pack");
    String first = text(pkt("# service=" + service + "\n")) + "0000";
    String refs = text(pkt(TIP + " refs/heads/main\0report-status delete-refs\n")) + "0000";
    String capabilities =
        text(pkt("version 2\n")) + text(pkt("ls-refs=unborn\n")) + text(pkt("fetch=shallow\n"));
    return push ? first + refs : first + capabilities + "0000";
  }

  private static void small(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void pack(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-git-upload-pack-result");
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    body.write(pkt("packfile\n"));
    for (int n = 0; n < FRAMES; n++) {
      body.write(FRAME);
      body.flush();
    }
    body.write("0000".getBytes(StandardCharsets.ISO_8859_1));
  }

  // the beginning is enough to know what is asked
  private static byte[] read(InputStream body) throws IOException {
    byte[] beginning = body.readNBytes(4096);
    body.skip(Long.MAX_VALUE);
    return beginning;
  }

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
