package packhorse.it.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;

/// A node that answers every request with a page that has its name, and records the requests.
final class WebNode implements AutoCloseable {
  private final RecordingNode node;
  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private volatile String body;
  private volatile String head = "HTTP/1.1 200 OK";

  private WebNode(String name) {
    this.body = "page of " + name;
    this.node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
  }

  static WebNode start(String name) {
    return new WebNode(name);
  }

  /// Sets the status line and further lines of the head of every response from now on.
  void respondWith(String... lines) {
    head = String.join("\r\n", lines);
  }

  /// Sets the body of every response from now on.
  void respondWithBody(String text) {
    body = text;
  }

  String url() {
    return node.url();
  }

  /// The requests so far.
  List<RawMessage> requests() {
    return List.copyOf(requests);
  }

  /// The last request.
  RawMessage lastRequest() {
    return requests.getLast();
  }

  private void respond(RawMessage request, ServerConnection connection) throws IOException {
    requests.add(request);
    String content = body;
    String response = head + "\r\nContent-Length: " + content.length() + "\r\n\r\n";
    boolean isHead = request.startLine().startsWith("HEAD ");
    connection.send((response + (isHead ? "" : content)).getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    node.close();
  }
}
