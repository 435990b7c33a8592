package packhorse.http.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/// A node that runs `git http-backend` behind the JDK's HTTP server. Its repositories are in one
/// folder and accept pushes.
public final class GitNode implements AutoCloseable {
  private final Path root;
  private final HttpServer server;

  public GitNode(Path root) throws IOException {
    this.root = root;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    Process backend = backend(exchange).start();
    Thread bodyWriter = Thread.ofVirtual().start(() -> writeBody(exchange, backend));
    InputStream out = new BufferedInputStream(backend.getInputStream());
    int status = 200;
    long length = 0;
    for (String line = readLine(out); !line.isEmpty(); line = readLine(out)) {
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      if (line.startsWith("Status:")) status = Integer.parseInt(value.substring(0, 3));
      else if (line.startsWith("Content-Length:")) length = Long.parseLong(value);
      else exchange.getResponseHeaders().add(line.substring(0, colon), value);
    }
    exchange.sendResponseHeaders(status, length);
    try (OutputStream output = exchange.getResponseBody()) {
      out.transferTo(output);
    }
    bodyWriter.interrupt();
    exchange.close();
  }

  private static void writeBody(HttpExchange exchange, Process backend) {
    try (OutputStream output = backend.getOutputStream()) {
      exchange.getRequestBody().transferTo(output);
    } catch (IOException closed) {
      backend.destroy();
    }
  }

  private ProcessBuilder backend(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    var builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", root.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("REMOTE_USER", "somebody");
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("PATH_INFO", uri.getPath());
    environment.put("QUERY_STRING", Optional.ofNullable(uri.getRawQuery()).orElse(""));
    header(exchange, "Content-Type").ifPresent(type -> environment.put("CONTENT_TYPE", type));
    header(exchange, "Git-Protocol").ifPresent(version -> environment.put("GIT_PROTOCOL", version));
    header(exchange, "Content-Length").ifPresent(n -> environment.put("CONTENT_LENGTH", n));
    return builder;
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) line.append((char) c);
    return line.toString().strip();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
