package packhorse.exchange.refs;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.List;
import packhorse.exchange.call.RoutedResponse;
import packhorse.kit.FailingInputStream;
import packhorse.kit.RequestFixture;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.node.Route;
import packhorse.request.Headers;

/// A node's response to a request for a ref advertisement, with a body that the test chooses.
final class ListResponse implements NodeResponse {
  private final Node node = RequestFixture.node("a");
  private final Headers headers;
  private final InputStream body;
  private volatile boolean closed;

  private ListResponse(Headers headers, InputStream body) {
    this.headers = headers;
    this.body = body;
  }

  static ListResponse of(byte[] body, String... headers) {
    return new ListResponse(RequestFixture.headersOf(headers), new ByteArrayInputStream(body));
  }

  /// A response whose node breaks the connection after these bytes.
  static ListResponse truncatedAfter(byte[] body) {
    InputStream failing =
        new FailingInputStream(() -> {
          throw new NodeFailure(RequestFixture.node("a"), true, "cut off", null);
        });
    return new ListResponse(
        Headers.empty(), new SequenceInputStream(new ByteArrayInputStream(body), failing));
  }

  /// This response together with its route.
  RoutedResponse routed() {
    return new RoutedResponse(new Route(List.of(node), true, "read"), this, List.of());
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int status() {
    return 200;
  }

  @Override
  public String reason() {
    return "Fine";
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public ByteBuffer peek() {
    throw new AssertionError("the response was peeked at before it was shared");
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return RequestFixture.headersOf("X-Last: 1");
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
